using System.Text;
using Formwork.Import.Folders;

namespace Formwork.Import.Drafts;

/// <summary>Names for generated types, from folders: <c>Qwen3-0.6B</c> becomes <c>Qwen3_0_6B</c>.</summary>
internal static class ModelNames
{
    private const int Longest = 100;

    /// <summary>A name from the folder's, or from the model type where the folder's says nothing.</summary>
    public static string Of(ModelFolder folder)
    {
        string name = Of(Repository(System.IO.Path.GetFullPath(folder.Path)));
        return name.Length > 0 && char.IsAsciiLetterUpper(name[0]) ? name : Joined(Of(folder.ModelType), name);
    }

    /// <summary>Words begin with a capital and are run together; digits that would run together are kept apart by an underscore.</summary>
    public static string Of(string text)
    {
        var name = new StringBuilder();
        bool wordStarts = true;
        foreach (char letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter))
            {
                wordStarts = true;
                continue;
            }
            if (wordStarts && char.IsAsciiDigit(letter) && name.Length > 0 && char.IsAsciiDigit(name[^1]))
                name.Append('_');
            name.Append(wordStarts ? char.ToUpperInvariant(letter) : letter);
            wordStarts = false;
        }
        return name.Length > Longest ? name.ToString(0, Longest) : name.ToString();
    }

    private static string Joined(string first, string second) =>
        second.Length == 0 ? first : char.IsAsciiDigit(first[^1]) ? $"{first}_{second}" : first + second;

    // Hugging Face's cache keeps a model in models--owner--name/snapshots/<hash>.
    private static string Repository(string path)
    {
        string trimmed = System.IO.Path.TrimEndingDirectorySeparator(path);
        DirectoryInfo folder = new(trimmed);
        if (folder.Parent is { Name: "snapshots", Parent.Name: { } cached } && cached.StartsWith("models--", StringComparison.Ordinal))
            return cached.Split("--")[^1];
        return folder.Name;
    }
}
