using CsCheck;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Weights;

public sealed class SafetensorsTests
{
    [Fact]
    public void Float32ComesBackToTheBit() => RoundTrip(TensorType.F32, value => value);

    [Fact]
    public void Float16ComesBackRoundedToNearest() => RoundTrip(TensorType.F16, value => (float)(Half)value);

    [Fact]
    public void BFloat16ComesBackRoundedToNearest() => RoundTrip(TensorType.BF16, NearestBFloat16);

    [Fact]
    public void SpecialNumbersSurviveEveryType()
    {
        float[] values = [0, -0f, 1, -2, float.PositiveInfinity, float.NegativeInfinity, float.NaN, BitConverter.UInt32BitsToSingle(0x7F800001)];
        using var folder = new TemporaryFolder();
        foreach (var type in (TensorType[])[TensorType.F32, TensorType.F16, TensorType.BF16])
        {
            SafetensorsWriter.Write(folder.File("m.safetensors"), [("w", [8], values)], type);
            using var checkpoint = Checkpoint.Open(folder.Path);
            var read = checkpoint.Read("w");
            // Bits, for 0 equals -0.
            Assert.Equal(values[..6].Select(BitConverter.SingleToUInt32Bits), read[..6].Select(BitConverter.SingleToUInt32Bits));
            Assert.All(read[6..], value => Assert.True(float.IsNaN(value)));
        }
    }

    [Fact]
    public void RowsAreThoseOfTheWhole()
    {
        using var folder = new TemporaryFolder();
        var values = Enumerable.Range(0, 60).Select(i => (float)i).ToArray();
        SafetensorsWriter.Write(folder.File("m.safetensors"), [("matrix", [6, 10], values), ("vector", [10], values[..10]), ("cube", [3, 4, 5], values), ("number", [], [7])]);
        using var checkpoint = Checkpoint.Open(folder.File("m.safetensors"));
        Assert.Equal(values[20..50], Rows("matrix", 2, 3, 30));
        Assert.Equal(values[..10], Rows("vector", 0, 1, 10));
        Assert.Equal(values[20..60], Rows("cube", 1, 2, 40));
        Assert.Equal([7], Rows("number", 0, 1, 1));
        Assert.Empty(Rows("matrix", 6, 0, 0));

        float[] Rows(string tensor, long first, int count, int length)
        {
            var destination = new float[length];
            checkpoint.ReadRows(tensor, first, count, destination);
            return destination;
        }
    }

    [Fact]
    public void RowsOutsideTheTensorAreTheCallersMistake()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("m.safetensors"), [("w", [6, 10], new float[60])]);
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.ReadRows("w", -1, 1, new float[10]));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.ReadRows("w", 5, 2, new float[20]));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.ReadRows("w", long.MaxValue, 1, new float[10]));
        Assert.Throws<ArgumentException>(() => checkpoint.ReadRows("w", 0, 1, new float[11]));
        var error = Assert.Throws<InvalidInputException>(() => checkpoint.ReadRows("W", 0, 1, new float[10]));
        Assert.Contains("W: found no such tensor among 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MisalignedElementsAreReadTheSame()
    {
        using var folder = new TemporaryFolder();
        // A header of 8 k + 1 bytes puts every element at an odd address, where it cannot be used in place.
        string header = "{" + CheckpointBytes.Entry("w", "F32", "[40, 16]", "[0, 2560]") + "}";
        byte[] file = CheckpointBytes.Safetensors(header.PadRight((header.Length + 7) / 8 * 8 + 1), 2560);
        for (int i = 0; i < 640; i++)
            BitConverter.TryWriteBytes(file.AsSpan(file.Length - 2560 + 4 * i), (float)i);
        using var checkpoint = Checkpoint.Open(folder.Write("m.safetensors", file));
        Assert.Equal(Enumerable.Range(0, 640).Select(i => (float)i), checkpoint.Read("w"));
        var table = new WeightTable("Test", "test", [], [new("w.weight", "w", 40, 16, 0, WeightPacking.Dense)], [], 640);
        using var packed = WeightLoader.Load(checkpoint, table, 1);
        Assert.Equal(Enumerable.Range(0, 640).Select(i => (float)i), packed.AsSpan(0, 640).ToArray());
    }

    [DataFact("stories260K-hf")]
    public void RewrittenFileHasTheSameTensors()
    {
        using var folder = new TemporaryFolder();
        using var original = Checkpoint.Open(TestData.Path("stories260K-hf"));
        SafetensorsWriter.Write(folder.File("m.safetensors"),
            original.Tensors.Values.Select(tensor => (tensor.Name, tensor.Shape.Select(size => (int)size).ToArray(), original.Read(tensor.Name))),
            metadata: new Dictionary<string, string> { ["format"] = "pt" });
        using var copy = new SafetensorsFile(folder.File("m.safetensors"));
        Assert.Equal("pt", copy.Metadata["format"]);
        Assert.Equal(original.Tensors.Count, copy.Tensors.Count);
        Assert.All(original.Tensors.Keys, name => Assert.Equal(original.Read(name), copy.Read(name)));
    }

    [Fact]
    public void FailedWriteLeavesTheOldFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("m.safetensors");
        SafetensorsWriter.Write(path, [("w", [1], [1f])]);
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("w", [2], [1f])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("w", [1], [1f]), ("w", [1], [1f])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("w", [-1, -1], [1f])]));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        SafetensorsWriter.Write(path, [("w", [1], [2f])]);
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal([2f], checkpoint.Read("w"));
    }

    private static void RoundTrip(TensorType type, Func<float, float> rounded) =>
        Gen.Single.Where(float.IsFinite).Array[0, 70].Sample(values =>
        {
            using var folder = new TemporaryFolder();
            SafetensorsWriter.Write(folder.File("m.safetensors"), [("a", [values.Length], values), ("b", [1, values.Length], values)], type);
            using var checkpoint = Checkpoint.Open(folder.Path);
            Assert.Equal(values.Select(rounded), checkpoint.Read("a"));
            Assert.Equal(values.Select(rounded), checkpoint.Read("b"));
        }, iter: 40, threads: 1);

    // By its definition: the nearer of the two neighbours; of two equally near, the one whose last bit is 0.
    private static float NearestBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value), lower = bits & 0xFFFF0000, rest = bits & 0xFFFF;
        bool up = rest > 0x8000 || (rest == 0x8000 && (lower & 0x10000) != 0);
        return BitConverter.UInt32BitsToSingle(up ? lower + 0x10000 : lower);
    }
}
