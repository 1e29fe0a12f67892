namespace Formwork.Compiler.Diagnostics;

/// <summary>A stretch of a text file. Lines and columns count from 0, as Roslyn's do; messages for people add 1.</summary>
/// <param name="Start">Index of the first character.</param>
/// <param name="Length">Number of characters.</param>
/// <param name="Line">Line of the first character.</param>
/// <param name="Column">Column of the first character.</param>
/// <param name="EndLine">Line after the last character.</param>
/// <param name="EndColumn">Column after the last character.</param>
public sealed record SourceSpan(int Start, int Length, int Line, int Column, int EndLine, int EndColumn)
{
    /// <summary>The start of a file.</summary>
    public static SourceSpan FileStart { get; } = new(0, 0, 0, 0, 0, 0);
}
