namespace Formwork.Generators;

/// <summary>The generator's steps, as tests track them. A value that crosses a step is a record over strings, numbers and equatable arrays.</summary>
public static class StepNames
{
    /// <summary>Marked files to path and text.</summary>
    public const string ReadModels = nameof(ReadModels);

    /// <summary>Text to spec, source map and findings.</summary>
    public const string ParseSpecs = nameof(ParseSpecs);

    /// <summary>Spec, without places, to emitted files and findings.</summary>
    public const string CompileModels = nameof(CompileModels);

    /// <summary>All findings of all files, with places.</summary>
    public const string ReportDiagnostics = nameof(ReportDiagnostics);

    /// <summary>Every step, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [ReadModels, ParseSpecs, CompileModels, ReportDiagnostics];
}
