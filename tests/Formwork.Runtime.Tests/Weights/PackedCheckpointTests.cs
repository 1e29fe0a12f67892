using CsCheck;
using Formwork.Runtime.Memory;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Weights;

/// <summary>What the loader packed comes out again, bit for bit.</summary>
public sealed class PackedCheckpointTests
{
    [Fact]
    public void EveryFusionComesOutAsItWentIn() =>
        FusedPackingTests.RandomSlot.Sample(slot =>
        {
            WeightSlot[] slots = [.. Enumerable.Range(0, 3).Select(part => slot with { TensorRow = part * slot.Rows, Offset = 16 + part * 200_000 })];
            var table = new WeightTable("Test", "test", ["x."], slots, [], 16 + 3 * 200_000);
            using var random = new RandomCheckpoint(table, 5, RandomKind.Everything);
            using NativeBuffer packed = WeightLoader.Load(random, table, 2);
            using var unpacked = new PackedCheckpoint(table, packed);
            Assert.Equal(random.Tensors.Keys, unpacked.Tensors.Keys);
            Assert.All(random.Tensors.Values, tensor => Assert.Equal(tensor.Shape, unpacked.Tensors[tensor.Name].Shape));
            Assert.Equal(random.Read("x.t"), unpacked.Read("x.t"));
        }, iter: 200, threads: 1);

    [Fact]
    public void AnyPartOfATensorCanBeRead()
    {
        WeightSlot slot = new("e", "t", 20, 3, 0, WeightPacking.Panels) { Experts = 3, ExpertStride = 96, Transposed = true };
        var table = new WeightTable("Test", "test", [], [slot], [], 288);
        using NativeBuffer packed = WeightLoader.Random(table, 1);
        using var unpacked = new PackedCheckpoint(table, packed);
        float[] whole = unpacked.Read("t");
        for (int first = 0; first < whole.Length; first += 7)
        {
            var part = new float[Math.Min(11, whole.Length - first)];
            unpacked.ReadElements(unpacked.Tensors["t"], first, part);
            Assert.Equal(whole.AsSpan(first, part.Length).ToArray(), part);
        }
    }

    [Fact]
    public void PartsThatNoParameterNeedsAreZero()
    {
        WeightSlot slot = new("p.bias", "t", 2, 1, 0, WeightPacking.Panels) { TensorRow = 1, TensorRows = 4 };
        using var packed = new NativeBuffer(16);
        packed.AsSpan(0, 16).Fill(7);
        using var unpacked = new PackedCheckpoint(new WeightTable("Test", "test", [], [slot], [], 16), packed);
        Assert.Equal([0, 7, 7, 0], unpacked.Read("t"));
    }

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.BF16)]
    public void StreamedFileIsTheFileOfItsTensors(TensorType type)
    {
        var table = new WeightTable("Test", "test", ["x."], [
            new("embedding.token", "wte", 700, 150, 0, WeightPacking.Panels),
            new("norm.bias", "b", 1, 5, 200_000, WeightPacking.Dense)], [], 300_000);
        using var folder = new TemporaryFolder();
        using var random = new RandomCheckpoint(table, 3, RandomKind.Everything);
        SafetensorsWriter.Write(folder.File("a.safetensors"), random, type);
        SafetensorsWriter.Write(folder.File("b.safetensors"), [("x.wte", [700, 150], random.Read("x.wte")), ("x.b", [5], random.Read("x.b"))], type);
        Assert.Equal(File.ReadAllBytes(folder.File("b.safetensors")), File.ReadAllBytes(folder.File("a.safetensors")));
    }

    [Fact]
    public void HolesAreWhatNoParameterCovers() =>
        FusedPackingTests.RandomSlot.Sample(slot =>
        {
            slot = slot with { ExpertStride = (slot.ExpertStride + 15) / 16 * 16 };
            long last = slot.PackedIndex(slot.Rows - 1, slot.Columns - 1) + Math.Max(slot.Experts - 1, 0) * slot.ExpertStride;
            var table = new WeightTable("Test", "test", [], [slot], [], (last + 200_016) / 16 * 16);
            using NativeBuffer packed = new(table.Length);
            foreach ((long first, int count) in WeightHoles.Find(table))
            {
                foreach (ref float hole in packed.AsSpan(first, count))
                    hole++;
            }
            for (int expert = 0; expert < Math.Max(slot.Experts, 1); expert++)
                for (int row = 0; row < slot.Rows; row++)
                    for (int column = 0; column < slot.Columns; column++)
                        packed.AsSpan(expert * slot.ExpertStride + slot.PackedIndex(row, column), 1)[0]++;
            Assert.Equal(-1, packed.AsSpan(0, (int)table.Length).IndexOfAnyExcept(1f));
        }, iter: 100, threads: 1);
}
