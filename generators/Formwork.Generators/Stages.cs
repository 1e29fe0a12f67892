using Formwork.Compiler;
using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Generators;

/// <summary>The compiler's verbs, so guarded that a bug in one is a diagnostic that names the stage, and the other models still compile.</summary>
internal static class Stages
{
    public static ParsedFile Parse(ModelText text, CancellationToken cancellation) => Guard(
        StepNames.ParseSpecs,
        () => new ParsedFile(text.Path, ModelCompiler.Parse(text)),
        failure => new ParsedFile(text.Path, new ParsedModel(null, new SourceMap(), new([failure.Locate(text.Path, new SourceMap())]))),
        cancellation);

    public static CompiledModel Compile(ModelSpec spec, CancellationToken cancellation) => Guard(
        StepNames.CompileModels,
        () => ModelCompiler.Compile(spec),
        failure => new CompiledModel(spec.Name, EquatableArray<GeneratedFile>.Empty, new([failure])),
        cancellation);

    /// <summary>The work's value; when it throws, what <paramref name="failed"/> makes of the one finding. Cancellation passes through.</summary>
    internal static T Guard<T>(string stage, Func<T> work, Func<SpecFinding, T> failed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return failed(SpecFinding.Of(DiagnosticCatalog.InternalError, "", stage, Describe(exception)));
        }
    }

    /// <summary>One line, as build logs want it.</summary>
    private static string Describe(Exception exception) =>
        $"{exception.GetType().Name}: {exception.Message}".Replace("\r", "").Replace('\n', ' ').TrimEnd('.');
}
