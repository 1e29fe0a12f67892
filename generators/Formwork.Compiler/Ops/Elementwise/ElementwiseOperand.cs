namespace Formwork.Compiler.Ops;

/// <summary>How a kernel that computes number by number finds an operand's numbers.</summary>
/// <param name="Stride">Floats from one row to the next.</param>
/// <param name="Alternates">Whether panels of 16 numbers alternate with another value's, as gate's and up's do.</param>
public readonly record struct ElementwiseOperand(int Stride, bool Alternates);
