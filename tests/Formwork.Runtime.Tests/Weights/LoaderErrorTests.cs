using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Weights;

/// <summary>A sound file that is not this model's gets told so, tensor by tensor.</summary>
public sealed class LoaderErrorTests
{
    private static readonly WeightTable Table = new("Toy", "toy", ["", "model."],
    [
        new("embedding.token", "embed.weight", 20, 8, 0, WeightPacking.Panels),
        new("layers.0.attention.query.weight", "layers.0.q.weight", 8, 4, 256, WeightPacking.Panels),
        new("layers.0.attention.query.bias", "layers.0.q.bias", 8, 1, 320, WeightPacking.Panels),
        new("final_norm.weight", "norm.weight", 1, 8, 336, WeightPacking.Dense),
    ], ["rotary.*.table", "head.weight"], 352);

    private static readonly Dictionary<string, int[]> Sound = new()
    {
        ["embed.weight"] = [20, 8], ["layers.0.q.weight"] = [8, 4], ["layers.0.q.bias"] = [8], ["norm.weight"] = [8],
    };

    [Fact]
    public void SoundCheckpointLoads() => Load(Sound).Dispose();

    [Fact]
    public void PrefixAndIgnoredNamesAreAccepted()
    {
        var shapes = Sound.ToDictionary(entry => "model." + entry.Key, entry => entry.Value);
        shapes.Add("model.rotary.17.table", [3]);
        shapes.Add("head.weight", [20, 8]);
        Load(shapes).Dispose();
    }

    [Fact]
    public void VectorsMayCarrySizesOfOne() => Load(With("norm.weight", [1, 8])).Dispose();

    [Fact]
    public void MissingTensorNamesTheNearestName() =>
        Refused(Without("layers.0.q.bias", "layers.0.q_bias"),
            "layers.0.q.bias: found no such tensor (nearest is `layers.0.q_bias`)", "for Toy's layers.0.attention.query.bias", "weight layout");

    [Fact]
    public void MissingUnembeddingPointsToTying()
    {
        var table = Table with { Slots = [.. Table.Slots, new("unembedding.weight", "lm_head.weight", 20, 8, 352, WeightPacking.Panels)], Length = 608 };
        Assert.Contains("embedding: {tied: true}", Assert.Throws<InvalidInputException>(() => Load(Sound, table)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherLayoutIsRecognised() =>
        Refused(new() { ["wte"] = [20, 8], ["h.0.attn"] = [8, 8], ["norm.weight"] = [8] },
            "tensors of another layout (wte, h.0.attn, norm.weight)", "those of layout `toy`", "embed.weight", "weights: {layout: …}");

    [Fact]
    public void SurplusTensorsAreListed()
    {
        var shapes = new Dictionary<string, int[]>(Sound) { ["layers.1.q.weight"] = [8, 4], ["layers.1.q.bias"] = [8] };
        Refused(shapes, "2 tensors that no parameter of Toy needs (layers.1.q.bias, layers.1.q.weight)", "`ignored`");
    }

    [Fact]
    public void MisshapenTensorShowsBothShapes() =>
        Refused(With("embed.weight", [21, 8]), "embed.weight: found shape [21, 8]; expected [20, 8], for Toy's embedding.token", "the spec's sizes");

    [Fact]
    public void MatrixTheOtherWayRoundPointsToTransposed() =>
        Refused(With("layers.0.q.weight", [4, 8]), "found shape [4, 8]; expected [8, 4]", "the other way round", "`transposed`");

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "+infinity")]
    [InlineData(float.NegativeInfinity, "-infinity")]
    public void NumberThatIsNotFiniteIsFound(float number, string word)
    {
        foreach (var type in (TensorType[])[TensorType.F32, TensorType.F16, TensorType.BF16])
        {
            Refused(Sound, type, values => values["embed.weight"][19 * 8 + 5] = number, $"embed.weight: found {word} at [19, 5]; expected finite numbers");
            Refused(Sound, type, values => values["norm.weight"][7] = number, $"norm.weight: found {word} at [7]; expected finite numbers");
        }
    }

    [Fact]
    public void FirstOfSeveralDamagedTensorsIsNamedOnAnyNumberOfThreads()
    {
        for (int i = 0; i < 20; i++)
            Refused(Sound, TensorType.F32, values =>
            {
                values["layers.0.q.bias"][1] = float.NaN;
                values["norm.weight"][0] = float.NaN;
                values["embed.weight"][0] = float.NaN;
            }, "embed.weight: found NaN");
    }

    [Fact]
    public void IntegersAreNotWeights()
    {
        using var folder = new TemporaryFolder();
        var entries = new[] { ("embed.weight", "F32", "[20, 8]", 640), ("layers.0.q.weight", "F32", "[8, 4]", 128), ("layers.0.q.bias", "I32", "[8]", 32), ("norm.weight", "F32", "[8]", 32) };
        int begin = 0;
        var header = string.Join(",", entries.Select(entry => CheckpointBytes.Entry(entry.Item1, entry.Item2, entry.Item3, $"[{begin}, {begin += entry.Item4}]")));
        folder.Write("m.safetensors", CheckpointBytes.Safetensors("{" + header + "}", begin));
        using var checkpoint = Checkpoint.Open(folder.Path);
        foreach (Action action in (Action[])[() => WeightLoader.Load(checkpoint, Table, 1), () => checkpoint.Read("layers.0.q.bias")])
            Assert.Contains("layers.0.q.bias: found elements of type I32; expected F32, F16 or BF16", Assert.Throws<InvalidInputException>(action).Message, StringComparison.Ordinal);
    }

    [DataFact("capp-gpt2")]
    public void RealCheckpointOfAnotherFamilyIsRefused()
    {
        using var checkpoint = Checkpoint.Open(TestData.Path("capp-gpt2"));
        var table = Table with { Slots = [new("embedding.token", "model.embed_tokens.weight", 512, 64, 0, WeightPacking.Panels)], Length = 512 * 64 };
        var error = Assert.Throws<InvalidInputException>(() => WeightLoader.Load(checkpoint, table, 1));
        Assert.Contains("another layout (transformer.h.0.attn.c_attn.bias", error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, int[]> With(string name, int[] shape) => new(Sound) { [name] = shape };

    private static Dictionary<string, int[]> Without(string name, string instead)
    {
        var shapes = new Dictionary<string, int[]>(Sound) { [instead] = Sound[name] };
        shapes.Remove(name);
        return shapes;
    }

    private static void Refused(Dictionary<string, int[]> shapes, params string[] says) => Refused(shapes, TensorType.F32, null, says);

    private static void Refused(Dictionary<string, int[]> shapes, TensorType type, Action<Dictionary<string, float[]>>? damage, params string[] says)
    {
        var error = Assert.Throws<InvalidInputException>(() => Load(shapes, Table, type, damage));
        Assert.All(says, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private static Formwork.Runtime.Memory.NativeBuffer Load(
        Dictionary<string, int[]> shapes, WeightTable? table = null, TensorType type = TensorType.F32, Action<Dictionary<string, float[]>>? damage = null)
    {
        using var folder = new TemporaryFolder();
        var values = shapes.ToDictionary(entry => entry.Key, entry => Enumerable.Repeat(0.5f, entry.Value.Aggregate(1, (product, size) => product * size)).ToArray());
        damage?.Invoke(values);
        SafetensorsWriter.Write(folder.File("model.safetensors"), shapes.Select(entry => (entry.Key, entry.Value, values[entry.Key])), type);
        using var checkpoint = Checkpoint.Open(folder.Path);
        return WeightLoader.Load(checkpoint, table ?? Table, 2);
    }
}
