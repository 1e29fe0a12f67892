using CsCheck;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Weights;

/// <summary>Parameters that share a tensor row by row, head by head or expert by expert.</summary>
public sealed class FusedPackingTests
{
    // Three parts of a fused tensor, of which the second is packed; heads may be permuted from any row on.
    internal static readonly Gen<WeightSlot> RandomSlot =
        from heads in Gen.Int[1, 4]
        from halfWidth in Gen.Int[1, 10]
        from rotated in Gen.Int[0, halfWidth]
        from start in Gen.Int[0, 2 * (halfWidth - rotated)]
        from columns in Gen.OneOf(1, 3, 16, 33, 260)
        from packing in Gen.OneOf(WeightPacking.Dense, WeightPacking.Panels)
        from transposed in Gen.Bool
        from fusion in Gen.Int[0, 2]
        from experts in Gen.Int[0, 3]
        from packedRow in Gen.Int[0, 40]
        from toInterleaved in Gen.Bool
        let rows = heads * 2 * halfWidth
        select new WeightSlot("layers.0.part.weight", "t", rows, columns, 16, packing)
        {
            Transposed = transposed,
            TensorRow = rows,
            TensorRows = 3 * rows,
            Alternating = fusion == 1,
            ByHead = fusion == 2 ? heads : 0,
            Experts = experts,
            ExpertStride = experts == 0 ? 0 : (packedRow + rows + 32L) * (columns + 16),
            PackedRow = packedRow,
            PermutedHeadWidth = rotated > 0 ? 2 * halfWidth : 0,
            PermutedRotaryWidth = 2 * rotated,
            PermutedStart = rotated > 0 ? start : 0,
            PermutedToInterleaved = toInterleaved,
        };

    [Fact]
    public void EveryFusionIsWhatStoredRowAndPackedIndexSay() =>
        Gen.Select(RandomSlot, Gen.OneOf(TensorType.F32, TensorType.BF16), Gen.Int[1, 3]).Sample((slot, type, threads) =>
        {
            using var folder = new TemporaryFolder();
            int[] shape = [.. slot.TensorShape(slot.Transposed).Select(size => (int)size)];
            var random = new Random(slot.Rows * 1000 + slot.Columns);
            float[] values = [.. Enumerable.Range(0, shape.Aggregate(1, (product, size) => product * size)).Select(_ => random.NextSingle() + 0.5f)];
            SafetensorsWriter.Write(folder.File("m.safetensors"), [("t", shape, values)], type);
            using var checkpoint = Checkpoint.Open(folder.Path);
            Assert.Equal(Expected(slot, checkpoint.Read("t"), out int length), Load(checkpoint, slot, length, threads));
        }, iter: 300, threads: 1);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void AlternatingPartsTakeEveryNthRow(int part, bool transposed)
    {
        var slot = new WeightSlot("p", "t", 4, 2, 0, WeightPacking.Dense) { TensorRow = 4 * part, TensorRows = 12, Alternating = true, Transposed = transposed };
        Assert.Equal(Enumerable.Range(0, 4).Select(row => 3 * row + part), PackedRows(slot, transposed));
    }

    [Theory]
    [InlineData(0, new[] { 0, 1, 6, 7, 12, 13 })]
    [InlineData(1, new[] { 2, 3, 8, 9, 14, 15 })]
    [InlineData(2, new[] { 4, 5, 10, 11, 16, 17 })]
    public void PartsByHeadTakeTheirRowsOfEachHead(int part, int[] expected)
    {
        var slot = new WeightSlot("p", "t", 6, 2, 0, WeightPacking.Dense) { TensorRow = 6 * part, TensorRows = 18, ByHead = 3 };
        Assert.Equal(expected, PackedRows(slot, transposed: false));
    }

    [Fact]
    public void GroupedHeadsMayHaveMoreQueriesThanKeys()
    {
        // Two groups of three query heads, one key and one value head, each of two rows.
        var query = new WeightSlot("query", "t", 12, 2, 0, WeightPacking.Dense) { TensorRows = 20, ByHead = 2 };
        var key = new WeightSlot("key", "t", 4, 2, 0, WeightPacking.Dense) { TensorRow = 12, TensorRows = 20, ByHead = 2 };
        var value = key with { TensorRow = 16 };
        Assert.Equal([0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15], PackedRows(query, transposed: false));
        Assert.Equal([6, 7, 16, 17], PackedRows(key, transposed: false));
        Assert.Equal([8, 9, 18, 19], PackedRows(value, transposed: false));
    }

    [Fact]
    public void RotatedRowsMayBeTheLastOfEachHead()
    {
        var slot = new WeightSlot("p", "t", 16, 2, 0, WeightPacking.Dense) { PermutedHeadWidth = 8, PermutedRotaryWidth = 4, PermutedStart = 4 };
        Assert.Equal([0, 1, 2, 3, 4, 6, 5, 7, 8, 9, 10, 11, 12, 14, 13, 15], PackedRows(slot, transposed: false));
    }

    [Fact]
    public void ExpertsMayBeStackedOrHaveATensorEach()
    {
        var stacked = new WeightSlot("experts", "all", 20, 3, 0, WeightPacking.Panels) { Experts = 3, ExpertStride = 96 };
        WeightSlot single = stacked with { Tensor = "expert.{expert}.w" };
        float[] values = [.. Enumerable.Range(1, 180).Select(value => (float)value)];
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("all.safetensors"), [("all", [3, 20, 3], values)]);
        SafetensorsWriter.Write(folder.File("each.safetensors"), [.. Enumerable.Range(0, 3).Select(expert => ($"expert.{expert}.w", new[] { 20, 3 }, values[(60 * expert)..(60 * expert + 60)]))]);
        using var all = Checkpoint.Open(folder.File("all.safetensors"));
        using var each = Checkpoint.Open(folder.File("each.safetensors"));
        float[] packed = Load(all, stacked, 288, 1);
        Assert.Equal(packed, Load(each, single, 288, 2));
        Assert.Equal((1, 61, 121), (packed[0], packed[96], packed[192]));
        // Row 17 of the second expert, column 2: the second panel's second lane.
        Assert.Equal(60 + 17 * 3 + 2 + 1, packed[96 + 48 + 2 * 16 + 1]);
    }

    [Fact]
    public void ExpertsBiasesAreStackedToo()
    {
        var slot = new WeightSlot("experts.bias", "b", 3, 1, 0, WeightPacking.Panels) { Experts = 2, ExpertStride = 16 };
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("m.safetensors"), [("b", [2, 3], [1, 2, 3, 4, 5, 6])]);
        using var checkpoint = Checkpoint.Open(folder.Path);
        float[] packed = Load(checkpoint, slot, 32, 1);
        Assert.Equal([1, 2, 3, 0], packed[..4]);
        Assert.Equal([4, 5, 6, 0], packed[16..20]);
    }

    [Theory]
    [InlineData("all", new[] { 2, 20, 3 }, "shape [2, 20, 3]; expected [3, 20, 3]", "Give the weights of this model")]
    [InlineData("all", new[] { 3, 3, 20 }, "shape [3, 3, 20]; expected [3, 20, 3]", "the other way round")]
    [InlineData("all", new[] { 60, 3 }, "shape [60, 3]; expected [3, 20, 3]", "Give the weights of this model")]
    public void StackOfAnotherShapeIsRefused(string tensor, int[] shape, string found, string remedy)
    {
        var slot = new WeightSlot("experts", "all", 20, 3, 0, WeightPacking.Panels) { Experts = 3, ExpertStride = 96 };
        string message = Refused(slot, (tensor, shape, new float[shape.Aggregate(1, (product, size) => product * size)]));
        Assert.Contains(found, message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingExpertIsNamed()
    {
        var slot = new WeightSlot("layers.0.feed_forward.experts.up.weight", "e.{expert}.w", 2, 2, 0, WeightPacking.Panels) { Experts = 3, ExpertStride = 32 };
        string message = Refused(slot, ("e.0.w", [2, 2], new float[4]), ("e.1.w", [2, 2], new float[4]));
        Assert.Contains("e.2.w: found no such tensor", message, StringComparison.Ordinal);
        Assert.Contains("layers.0.feed_forward.experts.up.weight", message, StringComparison.Ordinal);
    }

    [Fact]
    public void SurplusExpertIsNamed()
    {
        var slot = new WeightSlot("experts", "e.{expert}.w", 2, 2, 0, WeightPacking.Panels) { Experts = 1, ExpertStride = 32 };
        Assert.Contains("e.1.w", Refused(slot, ("e.0.w", [2, 2], new float[4]), ("e.1.w", [2, 2], new float[4])), StringComparison.Ordinal);
    }

    [Fact]
    public void NumberThatIsNoneIsPlacedInItsExpert()
    {
        var slot = new WeightSlot("experts", "all", 2, 3, 0, WeightPacking.Panels) { Experts = 2, ExpertStride = 48 };
        var values = new float[12];
        values[10] = float.NaN;
        Assert.Contains("NaN at [1, 1, 1]", Refused(slot, ("all", [2, 2, 3], values)), StringComparison.Ordinal);
        Assert.Contains("NaN at [1, 1, 1]", Refused(slot with { Rows = 3, Columns = 2, Transposed = true }, ("all", [2, 2, 3], values)), StringComparison.Ordinal);
    }

    public static TheoryData<string> ContradictionNames => [.. Contradictions.Keys];

    private static readonly Dictionary<string, Func<WeightSlot, WeightSlot>> Contradictions = new()
    {
        ["both fusions"] = slot => slot with { Alternating = true, ByHead = 2 },
        ["heads that do not divide"] = slot => slot with { ByHead = 3 },
        ["parts of different sizes in turn"] = slot => slot with { Alternating = true, TensorRows = 33 },
        ["experts that overlap"] = slot => slot with { Experts = 2, ExpertStride = 15 },
        ["experts beyond the block"] = slot => slot with { Experts = 20, ExpertStride = 64 },
        ["rotated rows beyond the head"] = slot => slot with { PermutedHeadWidth = 8, PermutedRotaryWidth = 6, PermutedStart = 3 },
    };

    [Theory]
    [MemberData(nameof(ContradictionNames))]
    public void SlotThatContradictsItselfIsRefused(string name)
    {
        WeightSlot slot = Contradictions[name](new WeightSlot("p.weight", "t", 16, 1, 0, WeightPacking.Panels) { TensorRow = 16, TensorRows = 32 });
        Assert.Throws<ArgumentException>(() => WeightLoader.Random(new WeightTable("Test", "test", [], [slot], [], 1000), 1));
    }

    [Fact]
    public void RandomWeightsCoverExperts()
    {
        var stacked = new WeightSlot("experts", "all", 20, 3, 0, WeightPacking.Panels) { Experts = 3, ExpertStride = 96 };
        var table = new WeightTable("Test", "test", [], [stacked, stacked with { Tensor = "e.{expert}", Offset = 288 }], [], 576);
        using var packed = WeightLoader.Random(table, 1);
        Assert.All(Enumerable.Range(0, 6), expert => Assert.NotEqual(0, packed.AsSpan(96 * expert, 1)[0]));
        Assert.Equal(6, packed.AsSpan(0, 576).ToArray().Where((_, index) => index % 96 == 0).Distinct().Count());
    }

    // Which stored rows the packed rows of a dense slot are.
    private static IEnumerable<int> PackedRows(WeightSlot slot, bool transposed)
    {
        int rows = Math.Max(slot.TensorRows, slot.Rows);
        float[] values = [.. Enumerable.Range(0, 2 * rows).Select(index => (float)(transposed ? index % rows : index / 2))];
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("m.safetensors"), [("t", transposed ? [2, rows] : [rows, 2], values)]);
        using var checkpoint = Checkpoint.Open(folder.Path);
        float[] packed = Load(checkpoint, slot, slot.Rows * 16, 1);
        return [.. Enumerable.Range(0, slot.Rows).Select(row => (int)packed[row * 16])];
    }

    private static float[] Expected(WeightSlot slot, float[] stored, out int length)
    {
        int experts = Math.Max(slot.Experts, 1), elements = stored.Length / experts;
        length = (int)(slot.PackedIndex(slot.Rows - 1, slot.Columns - 1) + (experts - 1) * slot.ExpertStride) + 40;
        var expected = new float[length];
        for (int expert = 0; expert < experts; expert++)
            for (int row = 0; row < slot.Rows; row++)
                for (int column = 0; column < slot.Columns; column++)
                    expected[expert * slot.ExpertStride + slot.PackedIndex(slot.PermutedRow(row), column)] = stored[expert * elements + (slot.Transposed
                        ? column * slot.TensorRows + slot.StoredRow(row)
                        : slot.StoredRow(row) * slot.Columns + column)];
        return expected;
    }

    private static float[] Load(Checkpoint checkpoint, WeightSlot slot, int length, int threads)
    {
        using var packed = WeightLoader.Load(checkpoint, new WeightTable("Test", "test", [""], [slot], [], length), threads);
        return packed.AsSpan(0, length).ToArray();
    }

    private static string Refused(WeightSlot slot, params (string Name, int[] Shape, float[] Values)[] tensors)
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("m.safetensors"), tensors);
        using var checkpoint = Checkpoint.Open(folder.Path);
        return Assert.Throws<InvalidInputException>(() => Load(checkpoint, slot, 1000, 1)).Message;
    }
}
