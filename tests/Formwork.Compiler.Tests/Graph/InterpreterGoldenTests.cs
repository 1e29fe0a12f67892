using System.Runtime.InteropServices;
using System.Text.Json;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Formwork.TestSupport.Checkpoints;
using Formwork.TestSupport.Interpreter;
using Xunit;

namespace Formwork.Compiler.Tests.Graph;

/// <summary>On trained weights the interpreter computes what an independent float64 implementation did.</summary>
public class InterpreterGoldenTests
{
    /// <summary>All 512 logits after each of the first 32 tokens of a story; they are stored in single precision.</summary>
    [DataFact("stories260K-hf", "stories260K/golden")]
    public void Stories260KAgrees()
    {
        using JsonDocument golden = Read("stories260K", "golden", "g01.json");
        int[] tokens = golden.RootElement.GetProperty("per_step").EnumerateArray().Take(32).Select(step => step.GetProperty("in").GetInt32()).ToArray();
        byte[] stored = File.ReadAllBytes(TestData.Path("stories260K-hf", "g01_logits_first32_f64ref.f32"));

        double[] logits = Interpret("stories260k", "stories260K-hf", tokens);

        Close(MemoryMarshal.Cast<byte, float>(stored).ToArray().Select(value => (double)value).ToArray(), logits, 1e-5);
    }

    /// <summary>All 53 logits of every step of four process chains.</summary>
    [DataFact("capp-gpt2")]
    public void CappGpt2Agrees()
    {
        using JsonDocument golden = Read("capp-gpt2", "golden.json");
        Assert.Equal(4, golden.RootElement.GetArrayLength());
        foreach (JsonElement run in golden.RootElement.EnumerateArray())
        {
            int[] tokens = run.GetProperty("output_tokens").EnumerateArray().Select(token => token.GetInt32()).ToArray();
            double[] expected = run.GetProperty("steps").EnumerateArray()
                .SelectMany(step => step.GetProperty("logits").EnumerateArray()).Select(logit => logit.GetDouble()).ToArray();

            double[] logits = Interpret("capp-gpt2", "capp-gpt2", tokens[..^1]);

            Close(expected, logits[^expected.Length..], 1e-6);
        }
    }

    private static double[] Interpret(string model, string weights, int[] tokens)
    {
        string path = Path.Combine(TestData.Repository, "models", model, $"{model}.model.yaml");
        ModelSpec spec = ModelCompiler.Parse(new ModelText(path, File.ReadAllText(path))).Spec!;
        ModelGraph graph = GraphBuilder.Build(spec);
        using Checkpoint checkpoint = Checkpoint.Open(TestData.Path(weights));
        return GraphInterpreter.Run(graph, LayoutCheckpoint.Read(graph, checkpoint), tokens).Logits;
    }

    private static JsonDocument Read(params string[] parts) => JsonDocument.Parse(File.ReadAllText(TestData.Path(parts)));

    private static void Close(double[] expected, double[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        double worst = expected.Zip(found, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst <= tolerance, $"differs by {worst:G3}");
    }
}
