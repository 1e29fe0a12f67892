namespace Formwork.Compiler.Planning.Training;

/// <summary>Where a value's numbers lie: in columns of a buffer, which may have other values' beside them.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="Column">The first column.</param>
/// <param name="Alternates">Whether its panels of 16 numbers alternate with another value's.</param>
internal sealed record Place(BufferPlanner.Value Buffer, int Column = 0, bool Alternates = false)
{
    /// <summary>Floats from one row to the next.</summary>
    public int Stride => Kernel.Padded(Buffer.Width);

    /// <summary>Whether the buffer has these many columns and all are this value's.</summary>
    public bool IsWhole(int width) => Column == 0 && !Alternates && Buffer.Width == width;

    /// <summary>As an operand of a kernel that computes number by number.</summary>
    public Ops.ElementwiseOperand Operand => new(Stride, Alternates);
}
