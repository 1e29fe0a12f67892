using Formwork.Runtime.Weights;

namespace Formwork.Training.Adaptation;

/// <summary>A matrix that has an adapter.</summary>
/// <param name="Weight">Where it lies among the packed weights, <c>[out, in]</c>.</param>
/// <param name="A">Where A lies among the adapters, <c>[rank, in]</c>.</param>
/// <param name="B">Where B lies, <c>[out, rank]</c>; its rows are permuted as the matrix's.</param>
/// <param name="BaseOffset">Where the matrix's own weights begin in a buffer of all adapted ones, row after row.</param>
internal sealed unsafe record AdaptedMatrix(WeightSlot Weight, WeightSlot A, WeightSlot B, long BaseOffset)
{
    private int Stride => Weight.Packing == WeightPacking.Dense ? 1 : WeightSlot.PanelRows;

    /// <summary>Reads a row out of a packed block.</summary>
    public void Gather(float* packed, int row, Span<float> values)
    {
        float* from = packed + Weight.PackedIndex(row, 0);
        int stride = Stride;
        for (int column = 0; column < Weight.Columns; column++)
            values[column] = from[(long)column * stride];
    }

    /// <summary>Writes a row into a packed block.</summary>
    public void Scatter(ReadOnlySpan<float> values, int row, float* packed)
    {
        float* to = packed + Weight.PackedIndex(row, 0);
        int stride = Stride;
        for (int column = 0; column < Weight.Columns; column++)
            to[(long)column * stride] = values[column];
    }
}
