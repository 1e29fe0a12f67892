using System.Collections.ObjectModel;

namespace Formwork.Runtime.Tokenization;

/// <summary>Text to token ids and back. Instances are immutable and can be shared between threads.</summary>
public abstract class TextTokenizer
{
    /// <summary>Where the vocabulary comes from, for messages: a file's path.</summary>
    public virtual string Source => "tokenizer";

    /// <summary>Number of ids; ids are 0 … VocabularySize − 1.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>
    /// The tokens that steer the model rather than stand for text (begin, end, chat turns), by their written form. They decode to no text, and
    /// only <see cref="Encode(string, bool)"/> finds them in a text.
    /// </summary>
    public virtual IReadOnlyDictionary<string, int> SpecialTokens => ReadOnlyDictionary<string, int>.Empty;

    /// <summary>
    /// The ids of <paramref name="text"/>, no special token added. A special token's written form is taken as plain text, so that nobody can
    /// steer the model by typing it; so is that of any other token added to a vocabulary, but for runs of white space. An unpaired surrogate
    /// counts as U+FFFD.
    /// </summary>
    /// <exception cref="InvalidInputException">The vocabulary has no way to write a part of the text, and no token for the unknown.</exception>
    public abstract IReadOnlyList<int> Encode(string text);

    /// <summary>
    /// As <see cref="Encode(string)"/>; with <paramref name="allowSpecial"/> the written form of a special or added token becomes that token.
    /// Only for text that the caller wrote, such as a chat template.
    /// </summary>
    /// <exception cref="InvalidInputException">The vocabulary has no way to write a part of the text, and no token for the unknown.</exception>
    public virtual IReadOnlyList<int> Encode(string text, bool allowSpecial) => Encode(text);

    /// <summary>
    /// The ids of a text of which others wrote a part: the written form of a special token becomes that token, unless they wrote any of it. Words
    /// and merges go on across the borders, as the model has seen them.
    /// </summary>
    /// <exception cref="InvalidInputException">The vocabulary has no way to write a part of the text, and no token for the unknown.</exception>
    public virtual IReadOnlyList<int> Encode(MarkedText text) => Encode(text.Text);

    /// <summary>
    /// A text, or a pair of texts, as the model was trained to read it: with the tokens that its tokenizer's files put before, between and after
    /// (<c>[CLS] a [SEP] b [SEP]</c>, <c>a &lt;/s&gt;</c>), or the spec's begin token where they say nothing.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The text that goes with it; null for none.</param>
    /// <param name="allowSpecial">Whether the written forms of special tokens (<c>[MASK]</c>) become those tokens, as in <see cref="Encode(string, bool)"/>.</param>
    /// <exception cref="InvalidInputException">The vocabulary has no way to write a part of the text, and no token for the unknown.</exception>
    public virtual TokenizedText EncodeForModel(string text, string? pair = null, bool allowSpecial = false) =>
        TextTemplate.Plain.Fill(Encode(text, allowSpecial), pair is null ? null : Encode(pair, allowSpecial));

    /// <summary>The token that hides a word for the model to find; null where the files name none.</summary>
    public virtual int? MaskToken => null;

    /// <summary>The token that fills short sequences; null where the files name none.</summary>
    public virtual int? PadToken => null;

    /// <summary>The token for what the vocabulary cannot write; null where the files name none.</summary>
    public virtual int? UnknownToken => null;

    /// <summary>The token whose state stands for a whole text; null where the files name none.</summary>
    public virtual int? ClsToken => null;

    /// <summary>The token between two texts; null where the files name none.</summary>
    public virtual int? SepToken => null;

    /// <summary>The text of <paramref name="tokens"/>; bytes that form no valid UTF-8 become U+FFFD.</summary>
    /// <exception cref="InvalidInputException">An id is not in the vocabulary.</exception>
    public string Decode(IEnumerable<int> tokens)
    {
        TokenTextStream stream = NewStream();
        return string.Concat(tokens.Select(stream.Append)) + stream.Finish();
    }

    /// <summary>How the vocabulary file writes a token, for display: <c>Ġthe</c>, <c>##ing</c>, <c>&lt;0x0A&gt;</c>.</summary>
    /// <exception cref="InvalidInputException">The id is not in the vocabulary.</exception>
    public virtual string WrittenForm(int token) => Decode([token]);

    /// <summary>
    /// A decoder for tokens that come one by one; it holds back bytes until they form whole characters. It stands at the beginning of a text,
    /// where some tokenizers drop a leading space: to continue a prompt, append the prompt's tokens first and discard their text.
    /// </summary>
    public abstract TokenTextStream NewStream();

    /// <summary>
    /// Checks that this tokenizer belongs to a model with <paramref name="vocabulary"/> ids. A model may have more, as padding or for tokens to
    /// come: fewer than 1024 more, or, in a large one, than a thirty-second of all (DeepSeek-V2 has 2,398).
    /// </summary>
    /// <exception cref="InvalidInputException">The sizes do not fit together.</exception>
    public void RequireVocabulary(int vocabulary)
    {
        int padding = vocabulary - VocabularySize;
        if (padding >= 0 && padding < Math.Max(1024, vocabulary / 32))
            return;
        throw new InvalidInputException(Source, null, $"{VocabularySize} tokens", $"{vocabulary}, the model's vocabulary",
            "Use the tokenizer that the model was trained with, or correct vocabulary: in the spec.");
    }
}
