using System.Text.RegularExpressions;
using Formwork.TestSupport;

namespace Formwork.Import.Tests.Layouts;

/// <summary>The page on layouts, and what stands in it for machines to read.</summary>
internal static partial class LayoutPage
{
    private static readonly string Text = File.ReadAllText(Path.Combine(TestData.Repository, "generators", "Formwork.Compiler", "Layouts", "README.md"));

    /// <summary>The blocks in a language, in order.</summary>
    public static string[] Blocks(string language) =>
        [.. Block().Matches(Text).Where(block => block.Groups[1].Value == language).Select(block => block.Groups[2].Value)];

    /// <summary>The checkpoint that the page lists: names and shapes.</summary>
    public static (string Name, int[] Shape)[] Tensors => [.. Blocks("text")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries))
        .Select(parts => (parts[0], parts[1].Trim('[', ']').Split(',').Select(int.Parse).ToArray()))];

    /// <summary>The first cells of all tables' rows, code only, with <c>{a,b}</c> spelt out.</summary>
    public static IEnumerable<string> Names => Text.Split('\n')
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .SelectMany(line => Code().Matches(line.Split('|')[1]).SelectMany(code => Expanded(code.Groups[1].Value)));

    private static IEnumerable<string> Expanded(string name)
    {
        Match braces = Braces().Match(name);
        return braces.Success
            ? braces.Groups[1].Value.Split(',').SelectMany(choice => Expanded(name[..braces.Index] + choice + name[(braces.Index + braces.Length)..]))
            : [name];
    }

    [GeneratedRegex(@"```(\w+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Braces();
}
