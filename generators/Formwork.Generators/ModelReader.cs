using System.Text;
using Formwork.Compiler;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Formwork.Generators;

/// <summary>Finds model files among a project's additional files and reads them.</summary>
internal static class ModelReader
{
    /// <summary>What a model file's name ends in.</summary>
    public const string Extension = ".model.yaml";

    /// <summary>The item metadata that <c>Formwork.targets</c> sets.</summary>
    public const string MarkKey = "build_metadata.AdditionalFiles.FormworkModel";

    public static bool HasModelName(string path) => path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    public static bool IsMarked(AdditionalText file, AnalyzerConfigOptionsProvider options) =>
        options.GetOptions(file).TryGetValue(MarkKey, out string? mark) && mark.Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The file's text; nothing when it cannot be read, which the C# compiler itself reports.</summary>
    public static IEnumerable<ModelText> Read(AdditionalText file, CancellationToken cancellation) =>
        file.GetText(cancellation) is SourceText text ? [new ModelText(file.Path, Decode(text))] : [];

    /// <summary>
    /// Where bytes are no UTF-8 the C# compiler falls back to the system's old code page. That guess is undone: every character
    /// that is not ASCII becomes U+FFFD, as a strict reader would see it, and the parser reports the first with its place.
    /// </summary>
    private static string Decode(SourceText text)
    {
        string characters = text.ToString();
        if (text.Encoding is null or UTF8Encoding or UnicodeEncoding or UTF32Encoding)
            return characters;
        return new string(characters.Select(character => character < 0x80 ? character : '\uFFFD').ToArray());
    }
}
