using CsCheck;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Weights;

/// <summary>The packed block must be exactly what <see cref="WeightSlot.PackedIndex"/> says, however the loader gets there.</summary>
public sealed class PackingTests
{
    private static readonly Gen<int> Columns = Gen.OneOf<int>(Gen.Int[1, 40], Gen.OneOf(1, 7, 8, 16, 255, 256, 257, 300, 700));

    // Heads of an even width, a part of which is rotated; 0 for no permutation.
    private static readonly Gen<WeightSlot> RandomSlot =
        from heads in Gen.Int[1, 5]
        from halfWidth in Gen.Int[1, 12]
        from rotated in Gen.Int[1, halfWidth]
        from permuted in Gen.Bool
        from toInterleaved in Gen.Bool
        from columns in Columns
        from packing in Gen.OneOf(WeightPacking.Dense, WeightPacking.Panels)
        from transposed in Gen.Bool
        from before in Gen.Int[0, 40]
        from after in Gen.Int[0, 9]
        from packedRow in Gen.Int[0, 70]
        from step in Gen.Int[0, 3]
        select new WeightSlot("layers.0.part.weight", "t", heads * 2 * halfWidth, columns, 16, packing)
        {
            Transposed = transposed,
            TensorRow = before + after == 0 ? 0 : before,
            TensorRows = before + after == 0 ? 0 : before + heads * 2 * halfWidth + after,
            PackedRow = packedRow,
            PanelStep = step,
            PanelPhase = Math.Max(step - 1, 0),
            PermutedHeadWidth = permuted ? 2 * halfWidth : 0,
            PermutedRotaryWidth = permuted ? 2 * rotated : 0,
            PermutedToInterleaved = toInterleaved,
        };

    [Fact]
    public void EveryPackingIsWhatPackedIndexSays() =>
        Gen.Select(RandomSlot, Gen.OneOf(TensorType.F32, TensorType.F16, TensorType.BF16), Gen.Int[1, 3]).Sample((slot, type, threads) =>
        {
            using var folder = new TemporaryFolder();
            string path = folder.File("m.safetensors");
            var values = Values(slot);
            SafetensorsWriter.Write(path, [("t", Shape(slot), values)], type);
            using var checkpoint = Checkpoint.Open(path);
            AssertPacked(slot, checkpoint.Read("t"), checkpoint, threads);
        }, iter: 200, threads: 1);

    [Fact]
    public void FusedSlotsShareTheirPanelsWithoutTouchingOneAnother()
    {
        // 24 + 8 + 8 rows: key and value lie together in the second half of query's last panel.
        const int columns = 33;
        WeightSlot[] slots =
        [
            Part("query", 0, 24), Part("key", 24, 8), Part("value", 32, 8),
        ];
        using var folder = new TemporaryFolder();
        var values = Enumerable.Range(1, 40 * columns).Select(i => (float)i).ToArray();
        SafetensorsWriter.Write(folder.File("m.safetensors"), [("qkv", [40, columns], values)]);
        using var checkpoint = Checkpoint.Open(folder.Path);
        var table = new WeightTable("Test", "test", [], slots, [], 48 * columns);
        using var packed = WeightLoader.Load(checkpoint, table, 2);
        for (int row = 0; row < 48; row++)
            for (int column = 0; column < columns; column++)
                Assert.Equal(row < 40 ? values[row * columns + column] : 0, packed.AsSpan((row / 16 * columns + column) * 16 + row % 16, 1)[0]);

        static WeightSlot Part(string name, int row, int rows) =>
            new($"layers.0.attention.{name}.weight", "qkv", rows, columns, 0, WeightPacking.Panels) { TensorRow = row, TensorRows = 40, PackedRow = row };
    }

    [Fact]
    public void GateAndUpAlternateByPanels()
    {
        const int columns = 5;
        WeightSlot Half(string name, int phase) =>
            new($"layers.0.feed_forward.{name}.weight", name, 32, columns, 0, WeightPacking.Panels) { PanelStep = 2, PanelPhase = phase };
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("m.safetensors"),
            [("gate", [32, columns], Enumerable.Repeat(1f, 32 * columns).ToArray()), ("up", [32, columns], Enumerable.Repeat(2f, 32 * columns).ToArray())]);
        using var checkpoint = Checkpoint.Open(folder.Path);
        using var packed = WeightLoader.Load(checkpoint, new WeightTable("Test", "test", [""], [Half("gate", 0), Half("up", 1)], [], 64 * columns), 1);
        for (int panel = 0; panel < 4; panel++)
            Assert.All(packed.AsSpan(panel * columns * 16, columns * 16).ToArray(), value => Assert.Equal(panel % 2 + 1, value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PermutationsUndoOneAnother(bool toInterleaved)
    {
        var there = new WeightSlot("p", "t", 48, 1, 0, WeightPacking.Dense) { PermutedHeadWidth = 16, PermutedRotaryWidth = 12, PermutedToInterleaved = toInterleaved };
        var back = there with { PermutedToInterleaved = !toInterleaved };
        Assert.Equal(Enumerable.Range(0, 48), Enumerable.Range(0, 48).Select(row => back.PermutedRow(there.PermutedRow(row))));
        Assert.NotEqual(Enumerable.Range(0, 48), Enumerable.Range(0, 48).Select(there.PermutedRow));
        // Beyond the rotated part of each head nothing moves.
        Assert.All(Enumerable.Range(0, 48).Where(row => row % 16 >= 12), row => Assert.Equal(row, there.PermutedRow(row)));
    }

    [Fact]
    public void LargeMatricesPackTheSameOnAnyNumberOfThreads()
    {
        var table = new WeightTable("Test", "test", [], [
            new("embedding.token", "wte", 5000, 96, 0, WeightPacking.Panels),
            new("embedding.position", "wpe", 3000, 100, 500_000, WeightPacking.Dense) { Transposed = true }], [], 1_000_000);
        using var one = WeightLoader.Load(new RandomCheckpoint(table, 3), table, 1);
        using var three = WeightLoader.Load(new RandomCheckpoint(table, 3), table, 3);
        Assert.True(one.AsSpan(0, 1_000_000).SequenceEqual(three.AsSpan(0, 1_000_000)));
    }

    [Fact]
    public void SlotOutsideTheBlockIsRefusedBeforeAnythingIsWritten()
    {
        var table = new WeightTable("Test", "test", [], [new("p.weight", "t", 16, 16, 16, WeightPacking.Panels)], [], 256);
        Assert.Throws<ArgumentException>(() => WeightLoader.Random(table, 1));
    }

    private static int[] Shape(WeightSlot slot)
    {
        int rows = slot.TensorRows > 0 ? slot.TensorRows : slot.Rows;
        return slot.Transposed ? [slot.Columns, rows] : [rows, slot.Columns];
    }

    private static float[] Values(WeightSlot slot)
    {
        var shape = Shape(slot);
        var random = new Random(slot.Rows * 1000 + slot.Columns);
        return [.. Enumerable.Range(0, shape[0] * shape[1]).Select(_ => random.NextSingle() + 0.5f)];
    }

    private static void AssertPacked(WeightSlot slot, float[] stored, Checkpoint checkpoint, int threads)
    {
        int length = (int)slot.PackedIndex(slot.Rows - 1, slot.Columns - 1) + 40;
        var expected = new float[length];
        int tensorRows = slot.TensorRows > 0 ? slot.TensorRows : slot.Rows;
        for (int row = 0; row < slot.Rows; row++)
            for (int column = 0; column < slot.Columns; column++)
                expected[slot.PackedIndex(slot.PermutedRow(row), column)] = slot.Transposed
                    ? stored[column * tensorRows + slot.TensorRow + row]
                    : stored[(slot.TensorRow + row) * slot.Columns + column];
        using var packed = WeightLoader.Load(checkpoint, new WeightTable("Test", "test", [""], [slot], [], length), threads);
        Assert.Equal(expected, packed.AsSpan(0, length).ToArray());
    }
}
