using Formwork.TestSupport;

namespace Formwork.Benchmarks.Reports;

/// <summary><c>RESULTS.md</c>: one section a table and vector width, replaced as a whole when it is measured again.</summary>
public static class ResultsPage
{
    private const string FileName = "RESULTS.md";

    /// <summary>Puts <paramref name="body"/> under <paramref name="title"/>, in place of what stood there, or at the end.</summary>
    /// <exception cref="DirectoryNotFoundException">The program does not run from a build inside the repository.</exception>
    public static void Write(string title, string body)
    {
        var path = Path.Combine(TestData.Repository, "tests", "Formwork.Benchmarks", FileName);
        var sections = Split(File.ReadAllText(path));
        var section = $"## {title}\n\n{body.Trim()}\n";
        var place = sections.FindIndex(text => text.StartsWith($"## {title}\n", StringComparison.Ordinal));
        if (place < 0)
            sections.Add(section);
        else
            sections[place] = section;
        File.WriteAllText(path, string.Join("\n", sections.Select(text => text.Trim() + "\n")));
    }

    private static List<string> Split(string page)
    {
        var sections = new List<string> { "" };
        foreach (var line in page.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
                sections.Add("");
            sections[^1] += line + "\n";
        }

        return sections;
    }
}
