using Formwork.Compiler;
using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;
using Microsoft.CodeAnalysis;

namespace Formwork.Generators;

/// <summary>
/// The build's host of the compiler: every <c>*.model.yaml</c> of a project becomes a C# type in it. The work is
/// <see cref="ModelCompiler"/>'s; what is here is the pipeline, cut so that an edit re-runs no more than it changes.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class FormworkGenerator : IIncrementalGenerator
{
    /// <summary>Registers the steps of <see cref="StepNames"/> and the two outputs, sources and diagnostics.</summary>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // Files that are models by name and by the targets' mark → path and text.
        IncrementalValuesProvider<ModelText> texts = context.AdditionalTextsProvider
            .Where(static file => ModelReader.HasModelName(file.Path))
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Where(static file => ModelReader.IsMarked(file.Left, file.Right))
            .SelectMany(static (file, cancellation) => ModelReader.Read(file.Left, cancellation))
            .WithTrackingName(StepNames.ReadModels);

        // Text → spec and, beside it, where each key stands.
        IncrementalValuesProvider<ParsedFile> parsed = texts
            .Select(static (text, cancellation) => Stages.Parse(text, cancellation))
            .WithTrackingName(StepNames.ParseSpecs);

        // Spec alone → files. Places stay behind, so a comment or a moved line ends here as an equal spec.
        IncrementalValuesProvider<ModelSpec> specs = parsed
            .Where(static file => file.Model.Spec is not null)
            .Select(static (file, _) => file.Model.Spec!);
        IncrementalValuesProvider<CompiledModel> compiled = specs
            .Select(static (spec, cancellation) => Stages.Compile(spec, cancellation))
            .WithTrackingName(StepNames.CompileModels);

        // A name that two files claim belongs to neither: what each would emit has the same file and type names.
        IncrementalValueProvider<EquatableArray<string>> claimedTwice = specs
            .Select(static (spec, _) => spec.Name)
            .Collect()
            .Select(static (names, _) => ModelNames.Repeated(names));

        // Sources. A changed message re-emits none of them.
        context.RegisterSourceOutput(
            compiled.Select(static (model, _) => (model.Name, model.Files)).Combine(claimedTwice),
            static (output, model) => Outputs.AddSources(output, model.Left.Name, model.Left.Files, model.Right));

        // Findings, put at their places in the text. A moved line moves them, and re-emits nothing.
        IncrementalValueProvider<EquatableArray<DiagnosticInfo>> findings = parsed.Collect()
            .Combine(compiled.Collect())
            .Select(static (models, _) => Findings.Of(models.Left, models.Right))
            .WithTrackingName(StepNames.ReportDiagnostics);
        context.RegisterSourceOutput(findings, static (output, all) => Outputs.Report(output, all));
    }
}
