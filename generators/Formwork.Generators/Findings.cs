using System.Collections.Immutable;
using Formwork.Compiler;
using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Generators;

/// <summary>Gathers the findings of all files, each at its place.</summary>
internal static class Findings
{
    public static EquatableArray<DiagnosticInfo> Of(ImmutableArray<ParsedFile> files, ImmutableArray<CompiledModel> models)
    {
        var findings = new List<DiagnosticInfo>();
        foreach (ParsedFile file in files)
        {
            findings.AddRange(file.Model.Diagnostics);
            if (file.Model.Spec is not ModelSpec spec)
                continue;
            if (OtherFiles(file, files) is { Length: > 0 } others)
                findings.Add(SpecFinding.Of(DiagnosticCatalog.SameName, "model", spec.Name, others).Locate(file.Path, file.Model.Source));
            else
                findings.AddRange(models.First(model => model.Name == spec.Name).Findings.Select(finding => finding.Locate(file.Path, file.Model.Source)));
        }

        return findings.ToEquatableArray();
    }

    private static string OtherFiles(ParsedFile file, ImmutableArray<ParsedFile> files) =>
        string.Join(", ", files
            .Where(other => other != file && ModelNames.Comparer.Equals(other.Model.Spec?.Name, file.Model.Spec?.Name))
            .Select(other => Path.GetFileName(other.Path)));
}
