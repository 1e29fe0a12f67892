namespace Formwork.Generators;

/// <summary>The documentation page of each diagnostic.</summary>
public static class DiagnosticPages
{
    /// <summary>The folder of pages, <c>FWK0203.md</c> and so on, seen from the root of the sources.</summary>
    public const string Folder = "generators/Formwork.Generators/Documentation";

    /// <summary>Where to read about a diagnostic.</summary>
    public static string Link(string id) => $"{Folder}/{id}.md";
}
