namespace Formwork.Compiler.Planning;

/// <summary>An activation buffer, <c>[rows, stride]</c>.</summary>
/// <param name="Name">The role, a C# local in the emitted code: <c>residual</c>, <c>normed</c>.</param>
/// <param name="Width">Floats of a row that mean something.</param>
/// <param name="Stride">Floats from row to row.</param>
/// <param name="Offset">Floats a row that stand before it in the arena.</param>
/// <param name="FirstStep">Index of the step that first writes it.</param>
/// <param name="LastStep">Index of the last step that reads or writes it.</param>
public sealed record PlannedBuffer(string Name, int Width, int Stride, int Offset, int FirstStep, int LastStep);
