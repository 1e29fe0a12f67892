using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Formwork.Runtime;
using Formwork.Training.Data;

namespace Formwork.Training.Tokenization;

/// <summary>The characters (Unicode scalars) of a text, sorted, each with an id: nanoGPT's vocabulary for character-level models.</summary>
public sealed class CharacterVocabulary
{
    /// <summary>The usual name of its file.</summary>
    public const string FileName = "characters.json";

    private CharacterVocabulary(IReadOnlyList<string> forms) => Forms = forms;

    /// <summary>The entries by id: special tokens, then the characters.</summary>
    public IReadOnlyList<string> Forms { get; }

    /// <summary>The characters of a file (UTF-8, plain or .gz).</summary>
    /// <param name="path">The file.</param>
    /// <param name="specialTokens">Entries of several characters, which take the first ids; <c>&lt;unk&gt;</c> stands for characters that are not there.</param>
    /// <exception cref="InvalidInputException">The file cannot be read, is no UTF-8 or empty.</exception>
    public static CharacterVocabulary Of(string path, params string[] specialTokens) => Of([path], keepLineEnds: true, specialTokens);

    /// <summary>The characters of several files.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="keepLineEnds">Whether the ends of lines are characters too; else each line is a text of its own.</param>
    /// <param name="specialTokens">Entries of several characters, which take the first ids.</param>
    /// <exception cref="InvalidInputException">A file cannot be read or is no UTF-8, or all are empty.</exception>
    public static CharacterVocabulary Of(IReadOnlyList<string> paths, bool keepLineEnds, params string[] specialTokens) =>
        OfTexts(paths.SelectMany(path => keepLineEnds ? TextFile.Chunks(path).Select(chunk => chunk.Text) : TextFile.Lines(path)), string.Join(", ", paths), specialTokens);

    /// <summary>The characters of some texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="source">Where they are from, for messages.</param>
    /// <param name="specialTokens">Entries of several characters, which take the first ids.</param>
    /// <exception cref="InvalidInputException">There is no character, or a special token is one.</exception>
    public static CharacterVocabulary OfTexts(IEnumerable<string> texts, string source, params string[] specialTokens)
    {
        var seen = new SortedSet<Rune>();
        foreach (string text in texts)
            seen.UnionWith(text.EnumerateRunes());
        if (seen.Count == 0)
            throw new InvalidInputException(source, null, "an empty file", "a text", "Check the path.");
        if (specialTokens.FirstOrDefault(token => token.EnumerateRunes().Count() < 2) is { } single)
            throw new InvalidInputException("special tokens", null, $"'{single}'", "forms of two characters or more", "Choose another form.");
        return new CharacterVocabulary([.. specialTokens, .. seen.Select(rune => rune.ToString())]);
    }

    /// <summary>Writes the JSON map of character to id that tokenizers of kind <c>characters</c> read.</summary>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        for (int id = 0; id < Forms.Count; id++)
            json.WriteNumber(Forms[id], id);
        json.WriteEndObject();
    });
}
