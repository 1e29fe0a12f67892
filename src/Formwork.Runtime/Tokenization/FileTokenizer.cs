using System.Globalization;

namespace Formwork.Runtime.Tokenization;

/// <summary>What tokenizers from files share: the source, the special tokens, the model's template, and decoding by bytes.</summary>
internal abstract class FileTokenizer(string source, int vocabularySize, AddedTokens added) : TextTokenizer
{
    public override string Source => source;

    public override int VocabularySize => vocabularySize;

    public override IReadOnlyDictionary<string, int> SpecialTokens => Added.Special;

    public override int? MaskToken => Known.Mask;

    public override int? PadToken => Known.Pad;

    public override int? UnknownToken => Known.Unknown;

    public override int? ClsToken => Known.Cls;

    public override int? SepToken => Known.Sep;

    /// <summary>The tokens with a known purpose. Set by the loader, before anybody else has the tokenizer.</summary>
    internal KnownTokens Known { get; set; } = KnownTokens.None;

    /// <summary>How a text is framed for the model; null until the loader has said it, where the file does not. Set as <see cref="Known"/> is.</summary>
    internal TextTemplate? Template { get; set; }

    /// <summary>Spaces that decoding leaves out at the end of a text, at most.</summary>
    public virtual int SpacesDroppedAtEnd => 0;

    internal AddedTokens Added => added;

    /// <summary>The id of a written form; null where there is none.</summary>
    public abstract int? Find(string form);

    public sealed override IReadOnlyList<int> Encode(string text) => Encode(text, allowSpecial: false);

    public sealed override IReadOnlyList<int> Encode(string text, bool allowSpecial)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EncodeParts(Added.Split(PlainText.WithoutLoneSurrogates(text), allowSpecial), allowSpecial);
    }

    public sealed override IReadOnlyList<int> Encode(MarkedText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EncodeParts(Added.Split(text.With(PlainText.WithoutLoneSurrogates(text.Text))), allowSpecial: false);
    }

    public sealed override TokenizedText EncodeForModel(string text, string? pair = null, bool allowSpecial = false) =>
        (Template ?? TextTemplate.Plain).Fill(EncodeSource(text, allowSpecial), pair is null ? null : EncodeSource(pair, allowSpecial));

    /// <summary>The ids of a text that a template will frame.</summary>
    protected virtual IReadOnlyList<int> EncodeSource(string text, bool allowSpecial) => Encode(text, allowSpecial);

    private List<int> EncodeParts(IEnumerable<(string Part, int Token)> parts, bool allowSpecial)
    {
        var tokens = new List<int>();
        bool first = true;
        foreach ((string part, int token) in parts)
        {
            if (token >= 0)
                tokens.Add(token);
            else
                EncodePlain(part, first, allowSpecial, tokens);
            first = false;
        }
        return tokens;
    }

    public sealed override TokenTextStream NewStream() => new Utf8TokenStream(this);

    /// <summary>
    /// Adds the ids of a text in which no special token was found; <paramref name="first"/> when it begins the whole text,
    /// <paramref name="allowSpecial"/> when one may still be found in the normalized text.
    /// </summary>
    protected abstract void EncodePlain(string text, bool first, bool allowSpecial, List<int> tokens);

    /// <summary>
    /// Writes the bytes that <paramref name="token"/> stands for; <paramref name="atStart"/> while no text came before it. Tells whether the
    /// next token stands at a text's start too.
    /// </summary>
    /// <exception cref="InvalidInputException">The id is not in the vocabulary.</exception>
    public abstract bool AppendBytes(int token, bool atStart, Utf8Buffer bytes);

    protected InvalidInputException NoSuchToken(int token) => new("token", token.ToString(CultureInfo.InvariantCulture),
        "an id outside the vocabulary", $"0 … {VocabularySize - 1}, as in {Source}", "Use the tokenizer that made the ids.");
}
