using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Formwork.Testing.Snapshots;

/// <summary>Diagnostics as the real package prints them: an object with unquoted keys and values, two spaces a level, empty members left out.</summary>
internal static class DiagnosticsText
{
    public static string Of(IReadOnlyList<Diagnostic> diagnostics)
    {
        var text = new StringBuilder("{\n  Diagnostics: [\n");
        for (int index = 0; index < diagnostics.Count; index++)
        {
            text.Append(Object(Members(diagnostics[index]), "    "));
            text.Append(index < diagnostics.Count - 1 ? ",\n" : "\n");
        }

        return text.Append("  ]\n}").ToString();
    }

    private static IEnumerable<(string Key, string? Value)> Members(Diagnostic diagnostic)
    {
        DiagnosticDescriptor descriptor = diagnostic.Descriptor;
        yield return ("Location", Location(diagnostic.Location));
        yield return ("Message", diagnostic.GetMessage(CultureInfo.InvariantCulture));
        yield return ("Severity", diagnostic.Severity.ToString());
        yield return ("WarningLevel", diagnostic.WarningLevel == 0 ? null : diagnostic.WarningLevel.ToString(CultureInfo.InvariantCulture));
        yield return ("Descriptor", Object(Members(descriptor), "      ").TrimStart(' '));
    }

    private static IEnumerable<(string Key, string? Value)> Members(DiagnosticDescriptor descriptor)
    {
        yield return ("Id", descriptor.Id);
        yield return ("Title", descriptor.Title.ToString(CultureInfo.InvariantCulture));
        yield return ("Description", descriptor.Description.ToString(CultureInfo.InvariantCulture));
        yield return ("HelpLink", descriptor.HelpLinkUri);
        yield return ("MessageFormat", descriptor.MessageFormat.ToString(CultureInfo.InvariantCulture));
        yield return ("Category", descriptor.Category);
        yield return ("DefaultSeverity", descriptor.DefaultSeverity.ToString());
        yield return ("IsEnabledByDefault", descriptor.IsEnabledByDefault ? "true" : "false");
        yield return ("CustomTags", Tags(descriptor.CustomTags));
    }

    private static string Object(IEnumerable<(string Key, string? Value)> members, string indent)
    {
        IEnumerable<string> lines = members
            .Where(member => !string.IsNullOrEmpty(member.Value))
            .Select(member => $"{indent}  {member.Key}:{(IsSeveralLines(member) ? "\n" : " ")}{member.Value}");
        return $"{indent}{{\n{string.Join(",\n", lines)}\n{indent}}}";
    }

    /// <summary>A text of several lines starts on a line of its own; an object does not.</summary>
    private static bool IsSeveralLines((string Key, string? Value) member) => member.Value!.Contains('\n') && member.Value[0] is not ('{' or '[');

    private static string Tags(IEnumerable<string> tags)
    {
        string[] all = [.. tags];
        return all.Length == 0 ? "" : $"[\n{string.Join(",\n", all.Select(tag => $"          {tag}"))}\n        ]";
    }

    /// <summary>Zero-based, with every slash turned, on all systems.</summary>
    private static string? Location(Location location) => location == Microsoft.CodeAnalysis.Location.None
        ? null
        : $"{location.GetLineSpan().Path}: {location.GetLineSpan().Span}".Replace('/', '\\');
}
