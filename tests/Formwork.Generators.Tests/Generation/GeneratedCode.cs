using System.Runtime.CompilerServices;
using Formwork.Testing;
using Formwork.Testing.Generation;
using Formwork.TestSupport;
using Microsoft.CodeAnalysis;

namespace Formwork.Generators.Tests.Generation;

/// <summary>Checks what a spec becomes.</summary>
internal static class GeneratedCode
{
    private static string Families => Path.Combine(TestData.Repository, "models", "families");

    /// <summary>The names of all families' specs.</summary>
    public static IEnumerable<string> FamilyNames => Directory.EnumerateFiles(Families, "*.model.yaml").Order(StringComparer.Ordinal)
        .Select(file => Path.GetFileName(file)[..^".model.yaml".Length]);

    /// <summary>A spec's path: in <c>models/</c> or its <c>families/</c> when it is there, else in this project's <c>Specs/</c>.</summary>
    public static string SpecPath(string name)
    {
        string model = Path.Combine(TestData.Repository, "models", name, $"{name}.model.yaml");
        string family = Path.Combine(Families, $"{name}.model.yaml");
        return File.Exists(model) ? model : File.Exists(family) ? family : Path.Combine(TestData.Repository, "tests", "Formwork.Generators.Tests", "Specs", $"{name}.model.yaml");
    }

    /// <summary>Proves caching and compilation without warnings, and compares every file with its snapshot.</summary>
    public static async Task Verify(string name, [CallerFilePath] string sourceFile = "")
    {
        string path = SpecPath(name), yaml = File.ReadAllText(path), file = Path.GetFileName(path);
        CachingProof.Holds(file, yaml);
        var project = new ModelProject((file, yaml));
        CompilesWithoutWarnings(project);
        await Verifier.Verify(project.Driver, sourceFile);
    }

    public static void CompilesWithoutWarnings(ModelProject project)
    {
        Assert.Empty(project.Driver.GetRunResult().Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        Assert.NotEmpty(project.Driver.GetRunResult().GeneratedTrees);
        Assert.Empty(project.Output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
    }
}
