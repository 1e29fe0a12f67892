using Formwork.Runtime;
using Formwork.Runtime.Weights;

namespace Formwork.Training.Adaptation;

/// <summary>Where all A and B lie, and under which names they are stored: those that PEFT gives them.</summary>
/// <param name="Table">The adapters, row by row.</param>
/// <param name="Matrices">The matrices that have them.</param>
/// <param name="BaseFloats">Numbers of those matrices.</param>
internal sealed record AdapterTable(WeightTable Table, AdaptedMatrix[] Matrices, long BaseFloats)
{
    private const string Suffix = ".weight";

    /// <summary>Lays out adapters for the matrices that the options name.</summary>
    /// <exception cref="InvalidInputException">There is none of these names.</exception>
    public static AdapterTable Of(WeightTable weights, LowRankOptions options)
    {
        var matrices = new List<AdaptedMatrix>();
        long offset = 0, baseFloats = 0;
        foreach (WeightSlot slot in weights.Slots.Where(slot => slot is { Rows: > 1, Columns: > 1, Experts: 0 } && options.Includes(slot.Parameter)))
        {
            string module = "base_model.model." + WithoutSuffix(slot.TensorRows > 0 ? slot.Parameter : slot.Tensor);
            var a = new WeightSlot($"{module}.lora_A.weight", $"{module}.lora_A.weight", options.Rank, slot.Columns, offset, WeightPacking.Dense);
            offset += Floats(a);
            var b = new WeightSlot($"{module}.lora_B.weight", $"{module}.lora_B.weight", slot.Rows, options.Rank, offset, WeightPacking.Dense)
            {
                PermutedHeadWidth = slot.PermutedHeadWidth,
                PermutedRotaryWidth = slot.PermutedRotaryWidth,
                PermutedStart = slot.PermutedStart,
                PermutedToInterleaved = slot.PermutedToInterleaved,
            };
            offset += Floats(b);
            matrices.Add(new AdaptedMatrix(slot, a, b, baseFloats));
            baseFloats += (long)slot.Rows * slot.Columns;
        }
        if (matrices.Count == 0)
            throw new InvalidInputException("adaptation's projections", null, string.Join(", ", options.Projections),
                $"names of {weights.Model}'s matrices, such as {weights.Slots.FirstOrDefault(slot => slot is { Rows: > 1, Columns: > 1 }).Parameter}", "Name matrices of the model; * stands for any run of characters.");
        WeightSlot[] slots = [.. matrices.SelectMany(matrix => new[] { matrix.A, matrix.B })];
        return new AdapterTable(new WeightTable(weights.Model, "adapters", [], slots, [], offset), [.. matrices], baseFloats);
    }

    private static long Floats(in WeightSlot slot) => (long)slot.Rows * WeightSlot.DenseStride(slot.Columns);

    private static string WithoutSuffix(string name) => name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
}
