namespace Formwork.Training.Data;

/// <summary>Files of texts.</summary>
/// <param name="Texts">Text files (UTF-8, plain or <c>.gz</c>), or token files (<c>.tokens</c>); of parallel text, the sources'.</param>
/// <param name="Targets">Of parallel text, the targets' files, one a source's.</param>
public sealed record DataFiles(IReadOnlyList<string> Texts, IReadOnlyList<string> Targets)
{
    /// <summary>One file.</summary>
    public DataFiles(string text) : this([text], [])
    {
    }

    /// <summary>Two files of parallel text.</summary>
    public DataFiles(string source, string target) : this([source], [target])
    {
    }
}
