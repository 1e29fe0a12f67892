using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Formwork.Testing.Generation;

/// <summary>The options that <c>Formwork.targets</c> gives the generator in a build: spec files carry their mark, nothing else does.</summary>
internal sealed class SpecOptions : AnalyzerConfigOptionsProvider
{
    private static readonly Marks s_marked = new(true), s_none = new(false);

    public override AnalyzerConfigOptions GlobalOptions => s_none;

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => s_none;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => textFile is SpecFile ? s_marked : s_none;

    private sealed class Marks(bool marked) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = marked && key == "build_metadata.AdditionalFiles.FormworkModel" ? "true" : null;
            return value is not null;
        }
    }
}
