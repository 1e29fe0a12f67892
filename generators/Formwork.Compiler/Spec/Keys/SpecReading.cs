using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec.Keys;

/// <summary>One reading of one file: what the kinds of value report to.</summary>
internal sealed class SpecReading(DiagnosticBag diagnostics, SourceMap source)
{
    /// <summary>The file's findings.</summary>
    public DiagnosticBag Diagnostics { get; } = diagnostics;

    /// <summary>The places of its values.</summary>
    public SourceMap Source { get; } = source;

    /// <summary>Reports that a node has not the form of a kind of value.</summary>
    public void WrongType(YamlNode node, string path, ValueKind expected) =>
        Diagnostics.Report(DiagnosticCatalog.WrongType, node.Span, SpecPath.Show(path), Describe(node), expected.Expectation);

    /// <summary>A node for people: <c>`abc`</c>, <c>the text "12"</c>, <c>a list</c>.</summary>
    public static string Describe(YamlNode node) => node switch
    {
        YamlScalar { IsNull: true } => "empty",
        YamlScalar { Quoted: true } quoted => $"the text \"{Shorten(quoted.Text)}\"",
        YamlScalar plain => $"`{Shorten(plain.Text)}`",
        YamlSequence => "a list",
        YamlMapping => "a section with keys",
        _ => "unreadable",
    };

    /// <summary>A text of the file, fit for one line of a message.</summary>
    public static string Shorten(string text)
    {
        string line = new(text.Select(character => char.IsControl(character) ? ' ' : character).ToArray());
        return line.Length <= 40 ? line : line.Substring(0, 39) + "…";
    }
}
