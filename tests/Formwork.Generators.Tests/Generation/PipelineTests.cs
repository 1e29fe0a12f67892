using System.Text;
using Formwork.Compiler.Diagnostics;
using Formwork.Generators;
using Formwork.Testing.Generation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using static Formwork.Testing.Verifier;

namespace Formwork.Generators.Tests.Generation;

public sealed class PipelineTests
{
    private static string Yaml => File.ReadAllText(GeneratedCode.SpecPath("post-norm"));

    [Fact]
    public void OnlyMarkedFilesWithAModelsNameAreModels()
    {
        var project = new ModelProject([new UnmarkedFile("a.model.yaml", Yaml), new SpecFile("a.yaml", Yaml)]);
        Assert.Empty(project.Driver.GetRunResult().GeneratedTrees);
        Assert.Empty(project.Driver.GetRunResult().Diagnostics);
    }

    [Fact]
    public void EveryModelOfAProjectIsCompiled()
    {
        var project = new ModelProject(("a.model.yaml", Yaml), ("b.model.yaml", Yaml.Replace("PostNorm", "Other")));
        GeneratedCode.CompilesWithoutWarnings(project);
        Assert.NotNull(project.Output.GetTypeByMetadataName("Formwork.Models.PostNorm"));
        Assert.NotNull(project.Output.GetTypeByMetadataName("Formwork.Models.Other"));
    }

    [Fact]
    public void OneBrokenModelLeavesTheOthersWhole()
    {
        var project = new ModelProject(("a.model.yaml", Yaml), ("b.model.yaml", Yaml.Replace("width: 32", "width: wide").Replace("PostNorm", "Other")));
        Assert.NotEmpty(project.Driver.GetRunResult().Diagnostics);
        Assert.NotNull(project.Output.GetTypeByMetadataName("Formwork.Models.PostNorm"));
        Assert.Null(project.Output.GetTypeByMetadataName("Formwork.Models.Other"));
    }

    [Fact]
    public Task TwoModelsOfOneNameAreFoundInBothFiles()
    {
        var project = new ModelProject(("a.model.yaml", Yaml), ("b.model.yaml", "# The same but for case.\n" + Yaml.Replace("PostNorm", "POSTNORM")));
        return Verify(project.Driver);
    }

    [Fact]
    public Task EveryMistakeIsFoundAtItsPlace() => Verify(new ModelProject(("broken.model.yaml",
        """
        model: Broken
        architecture: decoder-only
        vocabulary: 96
        context: 128
        width: 770
        layers: 2
        attention: {heads: 12, bais: true}
        feed_forward: {width: -64, activation: swish}
        norm: {kind: layer}
        positions: {kind: learned}
        weights: {layout: gpt2}
        """)).Driver);

    /// <summary>A comment above moves every finding, and re-emits no file of the other model.</summary>
    [Fact]
    public void MovedLineMovesTheFindings()
    {
        string broken = Yaml.Replace("width: 32", "width: wide").Replace("PostNorm", "Other");
        var project = new ModelProject(("a.model.yaml", Yaml), ("b.model.yaml", broken));
        GeneratorDriver moved = project.Driver
            .ReplaceAdditionalText(project.Files[1], new SpecFile("b.model.yaml", "# one\n# two\n" + broken))
            .RunGenerators(project.Compilation);
        int[] before = Lines(project.Driver), after = Lines(moved);
        Assert.NotEmpty(before);
        Assert.Equal(before.Select(line => line + 2), after);
        Assert.All(
            moved.GetRunResult().Results[0].TrackedSteps[StepNames.CompileModels].SelectMany(step => step.Outputs),
            output => Assert.True(output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{output.Reason}"));
    }

    [Fact]
    public void BytesThatAreNoUtf8AreFound()
    {
        byte[] latin = Encoding.Latin1.GetBytes("model: Tést\n" + Yaml);
        var project = new ModelProject([new SpecFile("a.model.yaml", SourceText.From(new MemoryStream(latin), Encoding.Latin1))]);
        Diagnostic found = project.Driver.GetRunResult().Diagnostics[0];
        Assert.Contains("UTF-8", found.GetMessage());
        Assert.Equal(new LinePosition(0, 8), found.Location.GetLineSpan().StartLinePosition);
    }

    [Fact]
    public void ExceptionOfAStageIsADiagnosticThatNamesIt()
    {
        SpecFinding finding = Stages.Guard<SpecFinding>(
            "ParseSpecs", () => throw new InvalidOperationException("two\nlines."), failure => failure, default);
        Assert.Equal("FWK0901", finding.Kind.Id);
        Assert.Contains("ParseSpecs", finding.Message);
        Assert.Contains("InvalidOperationException: two lines.", finding.Message);
    }

    [Fact]
    public void CancellationIsNoInternalError()
    {
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => Stages.Guard("ParseSpecs", () => 1, _ => 2, cancelled));
        Assert.Throws<OperationCanceledException>(() => Stages.Guard("ParseSpecs", int () => throw new OperationCanceledException(), _ => 2, default));
    }

    private static int[] Lines(GeneratorDriver driver) =>
        [.. driver.GetRunResult().Diagnostics.Select(diagnostic => diagnostic.Location.GetLineSpan().StartLinePosition.Line)];

    private sealed class UnmarkedFile(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text, Encoding.UTF8);
    }
}
