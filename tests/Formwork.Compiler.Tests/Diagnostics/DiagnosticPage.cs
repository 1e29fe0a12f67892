using System.Text.RegularExpressions;
using Formwork.Compiler.Tests.Spec;
using Formwork.TestSupport;

namespace Formwork.Compiler.Tests.Diagnostics;

/// <summary>A page on a kind of finding, with a spec that has the fault and one that has not. Pages show the lines that matter; the rest is <see cref="GoodSpec"/>.</summary>
internal sealed partial record DiagnosticPage(string Title, string? Wrong, string? Right)
{
    public static DiagnosticPage Read(string id)
    {
        string text = File.ReadAllText(Path.Combine(TestData.Repository, "generators", "Formwork.Generators", "Documentation", id + ".md"));
        return new DiagnosticPage(text[..text.IndexOf('\n')], Section(text, "Wrong"), Section(text, "Right"));
    }

    /// <summary>The lines of the good spec whose keys the given lines do not have, then those.</summary>
    public static string Complete(string lines)
    {
        string[] written = [.. Key().Matches(lines).Select(match => match.Value)];
        return string.Concat(GoodSpec.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !written.Contains(Key().Match(line).Value))
            .Select(line => line + "\n")) + lines;
    }

    private static string? Section(string page, string heading)
    {
        Match match = Regex.Match(page, $@"^## {heading}\n\n```yaml\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline);
        return match.Success ? match.Groups[1].Value : null;
    }

    [GeneratedRegex("^[a-z_]+:", RegexOptions.Multiline)]
    private static partial Regex Key();
}
