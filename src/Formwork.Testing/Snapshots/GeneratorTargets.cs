using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis;

namespace Formwork.Testing.Snapshots;

/// <summary>What a generator driver's run is compared by: a text a generated file, and one for the diagnostics if there are any.</summary>
internal static class GeneratorTargets
{
    public static IReadOnlyList<SnapshotTarget> Of(GeneratorDriverRunResult result)
    {
        Rethrow(result.Results);
        var targets = new List<SnapshotTarget>();
        if (!result.Diagnostics.IsEmpty)
            targets.Add(new SnapshotTarget(null, "txt", DiagnosticsText.Of(result.Diagnostics)));
        targets.AddRange(result.Results
            .SelectMany(generator => generator.GeneratedSources)
            .OrderBy(source => source.HintName, StringComparer.Ordinal)
            .Select(ToTarget));
        return targets;
    }

    private static SnapshotTarget ToTarget(GeneratedSourceResult source) => new(
        Path.GetFileNameWithoutExtension(source.HintName),
        Path.GetExtension(source.SyntaxTree.FilePath).TrimStart('.'),
        $"//HintName: {source.HintName}\n{source.SourceText}");

    /// <summary>A generator that threw has no result to compare.</summary>
    private static void Rethrow(ImmutableArray<GeneratorRunResult> results)
    {
        Exception[] exceptions = [.. results.Select(result => result.Exception).OfType<Exception>()];
        if (exceptions.Length == 1)
            ExceptionDispatchInfo.Capture(exceptions[0]).Throw();
        if (exceptions.Length > 1)
            throw new AggregateException(exceptions);
    }
}
