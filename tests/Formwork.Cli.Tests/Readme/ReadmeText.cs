using System.Text.RegularExpressions;
using Formwork.TestSupport;

namespace Formwork.Cli.Tests.Readme;

/// <summary>The README at the top of the repository, and the code blocks in it.</summary>
public static partial class ReadmeText
{
    /// <summary>Its text.</summary>
    public static string All { get; } = File.ReadAllText(Path.Combine(TestData.Repository, "README.md")).ReplaceLineEndings("\n");

    /// <summary>The code blocks of a language, in order.</summary>
    public static string[] Blocks(string language) =>
        [.. Fence().Matches(All).Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["code"].Value)];

    [GeneratedRegex("^```(?<language>[a-z]*)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
