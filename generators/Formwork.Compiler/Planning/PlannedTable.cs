namespace Formwork.Compiler.Planning;

/// <summary>A table computed when the model is loaded.</summary>
/// <param name="Path">The operation it is for.</param>
/// <param name="Offset">Floats before it.</param>
/// <param name="Length">Its floats.</param>
/// <param name="FillCSharp">The C# call that fills it, with <c>{0}</c> for its address.</param>
public sealed record PlannedTable(string Path, long Offset, long Length, string FillCSharp);
