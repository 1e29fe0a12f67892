using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Formwork.Runtime;

namespace Formwork.Training.Tokenization;

/// <summary>A byte-level BPE vocabulary and the files that tokenizers read it from.</summary>
public sealed class TrainedBpe
{
    private readonly BpeTrainingOptions _options;

    internal TrainedBpe(IReadOnlyList<string> forms, IReadOnlyList<(string Left, string Right)> merges, BpeTrainingOptions options, bool lowercase, bool spaceInFront)
    {
        IEnumerable<string> special = options.SpecialTokens.Select(token => token.Text);
        Forms = options.SpecialTokensLast ? [.. forms, .. special] : [.. special, .. forms];
        Merges = merges;
        Lowercase = lowercase;
        SpaceInFront = spaceInFront;
        _options = options;
    }

    /// <summary>The tokens by id: written in GPT-2's alphabet of bytes (<c>Ġ</c> for a space), special tokens as they are.</summary>
    public IReadOnlyList<string> Forms { get; }

    /// <summary>What is merged, best first, in the same alphabet.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges { get; }

    /// <summary>Whether texts are read in lower case.</summary>
    public bool Lowercase { get; }

    /// <summary>Whether a text that begins with no space is given one.</summary>
    public bool SpaceInFront { get; }

    /// <summary>The id of a special token.</summary>
    /// <exception cref="ArgumentException">There is none of that form.</exception>
    public int SpecialId(string form)
    {
        int index = _options.SpecialTokens.ToList().FindIndex(token => token.Text == form);
        if (index < 0)
            throw new ArgumentException($"There is no special token {form}.", nameof(form));
        return _options.SpecialTokensLast ? Forms.Count - _options.SpecialTokens.Count + index : index;
    }

    /// <summary>
    /// Writes tokenizer.json, which says all; vocab.json and merges.txt for tokenizers of GPT-2's kind, which know neither lower case, nor a space
    /// in front, nor a frame; and special_tokens_map.json where special tokens have roles.
    /// </summary>
    /// <exception cref="InvalidInputException">A file cannot be written.</exception>
    public void Save(string folder)
    {
        AtomicFile.Write(Path.Combine(folder, "vocab.json"), stream => WriteJson(stream, WriteVocabulary, indented: false));
        AtomicFile.Write(Path.Combine(folder, "merges.txt"), WriteMerges);
        AtomicFile.Write(Path.Combine(folder, "tokenizer.json"), stream => WriteJson(stream, json => new TokenizerJsonWriter(json, this, _options).Write(), indented: true));
        if (_options.SpecialTokens.Any(token => token.Role != SpecialTokenRole.None))
            AtomicFile.Write(Path.Combine(folder, "special_tokens_map.json"), stream => WriteJson(stream, WriteRoles, indented: true));
    }

    internal void WriteVocabulary(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        for (int id = 0; id < Forms.Count; id++)
            json.WriteNumber(Forms[id], id);
        json.WriteEndObject();
    }

    private void WriteMerges(Stream stream)
    {
        var text = new StringBuilder("#version: 0.2\n");
        foreach ((string left, string right) in Merges)
            text.Append(left).Append(' ').Append(right).Append('\n');
        stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private void WriteRoles(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (SpecialToken token in _options.SpecialTokens.Where(token => token.Role != SpecialTokenRole.None).DistinctBy(token => token.Role))
            json.WriteString(Name(token.Role), token.Text);
        json.WriteEndObject();
    }

    private static string Name(SpecialTokenRole role) => role switch
    {
        SpecialTokenRole.Begin => "bos_token",
        SpecialTokenRole.End => "eos_token",
        SpecialTokenRole.Pad => "pad_token",
        SpecialTokenRole.Unknown => "unk_token",
        SpecialTokenRole.Mask => "mask_token",
        SpecialTokenRole.Cls => "cls_token",
        SpecialTokenRole.Sep => "sep_token",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    private static void WriteJson(Stream stream, Action<Utf8JsonWriter> write, bool indented)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = indented, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        stream.Write("\n"u8);
    }
}
