using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Formwork.Generators;
using Formwork.Testing.Generation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Formwork.Generators.Tests.Generation;

/// <summary>What every generator test proves besides its own subject: edits re-run no more than they change.</summary>
internal static class CachingProof
{
    private const IncrementalStepRunReason Cached = IncrementalStepRunReason.Cached, Unchanged = IncrementalStepRunReason.Unchanged;

    /// <summary>Proves it for one valid spec.</summary>
    public static void Holds(string path, string yaml)
    {
        var project = new ModelProject((path, yaml));
        foreach (string step in StepNames.All)
            Assert.All(Reasons(project.Driver, step), reason => Assert.Equal(IncrementalStepRunReason.New, reason));
        ReachableValues.HoldNothingOfRoslyns(Result(project.Driver));

        SecondRunIsCached(project);
        UnrelatedEditIsCached(project);
        CommentReEmitsNothing(project, path, yaml);
        ChangedSpecReEmits(project, path, yaml);
    }

    private static void SecondRunIsCached(ModelProject project) => IsCached(project.Driver.RunGenerators(project.Compilation.Clone()));

    private static void UnrelatedEditIsCached(ModelProject project) =>
        IsCached(project.Driver.RunGenerators(project.Compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Unrelated;"))));

    private static void CommentReEmitsNothing(ModelProject project, string path, string yaml)
    {
        GeneratorDriver driver = Edit(project, path, $"# A comment.\n\n{yaml}\n# Another.\n");
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(driver, StepNames.ReadModels));
        Assert.All(Reasons(driver, StepNames.CompileModels), reason => Assert.True(reason is Cached or Unchanged, $"CompileModels: {reason}"));
        OutputsAreCached(driver);
        Assert.Equal(Texts(project.Driver), Texts(driver));
    }

    /// <summary>The control: were nothing ever re-run, the rest would pass as well.</summary>
    private static void ChangedSpecReEmits(ModelProject project, string path, string yaml)
    {
        string changed = Regex.Replace(yaml, @"^context: *\d+", "context: 64", RegexOptions.Multiline);
        Assert.NotEqual(yaml, changed);
        GeneratorDriver driver = Edit(project, path, changed);
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(driver, StepNames.CompileModels));
        Assert.NotEqual(Texts(project.Driver), Texts(driver));
    }

    private static void IsCached(GeneratorDriver driver)
    {
        foreach (string step in StepNames.All)
            Assert.All(Reasons(driver, step), reason => Assert.True(reason is Cached or Unchanged, $"{step}: {reason}"));
        OutputsAreCached(driver);
    }

    private static void OutputsAreCached(GeneratorDriver driver) => Assert.All(
        Result(driver).TrackedOutputSteps.SelectMany(outputs => outputs.Value).SelectMany(step => step.Outputs),
        output => Assert.True(output.Reason is Cached or Unchanged, $"output: {output.Reason}"));

    private static GeneratorDriver Edit(ModelProject project, string path, string yaml) => project.Driver
        .ReplaceAdditionalText(project.Files[0], new SpecFile(path, yaml))
        .RunGenerators(project.Compilation);

    private static GeneratorRunResult Result(GeneratorDriver driver) => Assert.Single(driver.GetRunResult().Results);

    private static IncrementalStepRunReason[] Reasons(GeneratorDriver driver, string step)
    {
        Assert.True(Result(driver).TrackedSteps.TryGetValue(step, out ImmutableArray<IncrementalGeneratorRunStep> steps), $"no step {step}");
        return [.. steps.SelectMany(run => run.Outputs).Select(output => output.Reason)];
    }

    private static string[] Texts(GeneratorDriver driver) => [.. Result(driver).GeneratedSources.Select(source => source.SourceText.ToString())];
}
