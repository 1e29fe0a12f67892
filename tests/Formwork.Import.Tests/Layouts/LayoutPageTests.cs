using Formwork.Compiler;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Layouts;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Models;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Formwork.TestSupport.Checkpoints;
using Formwork.TestSupport.Compilation;
using Formwork.TestSupport.Interpreter;
using Xunit;

namespace Formwork.Import.Tests.Layouts;

/// <summary>What the page on layouts says is so: its specs load the checkpoints that it describes.</summary>
public sealed class LayoutPageTests
{
    private const int Width = 32, Heads = 4, HeadWidth = Width / Heads, FeedForward = 64;
    private static readonly int[] Prompt = [5, 90, 17, 3, 41];

    [Fact]
    public void PageNamesEveryParameterAndNoOther()
    {
        string[] keys = ["layout", "extends", "prefixes", "tensors", "ignored", "tensor", "transposed", "pairing", "alternating", "by_head"];
        IEnumerable<string> ofOneStack = ParameterKinds.All.Where(kind => !kind.StartsWith("encoder.", StringComparison.Ordinal) && !kind.StartsWith("decoder.", StringComparison.Ordinal));
        Assert.Equal(ofOneStack.Order(StringComparer.Ordinal), LayoutPage.Names.Except(keys).Order(StringComparer.Ordinal));
        Assert.Empty(keys.Except(LayoutPage.Names));
    }

    [Fact]
    public void UnknownFamilyLoadsTheCheckpointThatThePageLists()
    {
        ModelSpec spec = Parse(LayoutPage.Blocks("yaml")[0]);
        IReadOnlyDictionary<string, double[]> parameters = RandomParameters.Draw(GraphBuilder.Build(spec), seed: 7);
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("model.safetensors"), LayoutPage.Tensors.Select(tensor => (tensor.Name, tensor.Shape, Stored(tensor.Name, parameters))));

        Assert.Equal(Reference(spec, parameters), Logits(spec, folder.Path));
    }

    [Fact]
    public void FamilyThatChangesLittleLoadsToo()
    {
        ModelSpec spec = Parse(LayoutPage.Blocks("yaml")[1]);
        IReadOnlyDictionary<string, double[]> parameters = RandomParameters.Draw(GraphBuilder.Build(spec), seed: 8);
        using var folder = new TemporaryFolder();
        LayoutCheckpoint.Write(folder.Path, GraphBuilder.Build(spec), parameters);
        using (Checkpoint checkpoint = Checkpoint.Open(folder.Path))
        {
            Assert.Contains("model.layers.1.self_attn.kv_proj.weight", checkpoint.Tensors.Keys);
            Assert.Contains("model.layers.1.self_attn.q_proj.weight", checkpoint.Tensors.Keys);
        }

        Assert.Equal(Reference(spec, parameters), Logits(spec, folder.Path));
    }

    // What the page's sentences say of each of Marmot's tensors.
    private static float[] Stored(string name, IReadOnlyDictionary<string, double[]> parameters)
    {
        string[] path = name.Split('.');
        string layer = $"layers.{path[2 % path.Length]}";
        double[] values = name["marmot.".Length..] switch
        {
            "burrow.tokens" => parameters["embedding.token"],
            "burrow.last_calm" => parameters["final_norm.weight"],
            "burrow.steps_trained" => [1000],
            "whistle" => parameters["unembedding.weight"],
            _ => string.Join('.', path[3..]) switch
            {
                "calm_a" => parameters[$"{layer}.attention.norm.weight"],
                "calm_b" => parameters[$"{layer}.feed_forward.norm.weight"],
                "look.qkv" => HeadByHead(parameters, $"{layer}.attention"),
                "look.out" => parameters[$"{layer}.attention.output.weight"],
                "chew.in" => Transposed(ByTurns(parameters[$"{layer}.feed_forward.gate.weight"], parameters[$"{layer}.feed_forward.up.weight"]), 2 * FeedForward, Width),
                "chew.out" => Transposed(parameters[$"{layer}.feed_forward.down.weight"], Width, FeedForward),
                var other => throw new InvalidOperationException($"The page does not say what {other} is."),
            },
        };
        return [.. values.Select(value => (float)value)];
    }

    // Head 0's query, key and value, then head 1's; in a head of queries or keys, i and i + half lie side by side.
    private static double[] HeadByHead(IReadOnlyDictionary<string, double[]> parameters, string attention)
    {
        var rows = new List<double>();
        for (int head = 0; head < Heads; head++)
        {
            foreach (string part in new[] { "query", "key", "value" })
            {
                for (int row = 0; row < HeadWidth; row++)
                {
                    int source = part == "value" ? row : row / 2 + row % 2 * (HeadWidth / 2);
                    rows.AddRange(parameters[$"{attention}.{part}.weight"].Skip((head * HeadWidth + source) * Width).Take(Width));
                }
            }
        }
        return [.. rows];
    }

    private static double[] ByTurns(double[] first, double[] second) =>
        [.. Enumerable.Range(0, FeedForward).SelectMany(row => first.Skip(row * Width).Take(Width).Concat(second.Skip(row * Width).Take(Width)))];

    private static double[] Transposed(double[] values, int rows, int columns) =>
        [.. Enumerable.Range(0, columns).SelectMany(column => Enumerable.Range(0, rows).Select(row => values[row * columns + column]))];

    // The same model with the compiler's own names.
    private static float[] Reference(ModelSpec spec, IReadOnlyDictionary<string, double[]> parameters)
    {
        ModelSpec plain = spec with { Weights = KnownLayouts.Default };
        using var folder = new TemporaryFolder();
        LayoutCheckpoint.Write(folder.Path, GraphBuilder.Build(plain), parameters);
        return Logits(plain, folder.Path);
    }

    private static float[] Logits(ModelSpec spec, string folder)
    {
        using DecoderModel model = InMemoryCompiler.Compile(spec).Load(spec.Name, folder, new LoadOptions { Threads = 1 });
        using DecoderSession session = model.NewSession();
        session.Prefill(Prompt);
        return session.Logits.ToArray();
    }

    private static ModelSpec Parse(string text)
    {
        ParsedModel parsed = SpecParser.Parse(new ModelText("README.md", text));
        Assert.Empty(parsed.Diagnostics);
        return parsed.Spec!;
    }
}
