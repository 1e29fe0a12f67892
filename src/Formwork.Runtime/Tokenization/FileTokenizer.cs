using System.Globalization;

namespace Formwork.Runtime.Tokenization;

/// <summary>What tokenizers from files share: the source, the special tokens, and decoding by bytes.</summary>
internal abstract class FileTokenizer(string source, int vocabularySize, AddedTokens added) : TextTokenizer
{
    public override string Source => source;

    public override int VocabularySize => vocabularySize;

    public override IReadOnlyDictionary<string, int> SpecialTokens => Added.Special;

    protected AddedTokens Added => added;

    public sealed override IReadOnlyList<int> Encode(string text) => Encode(text, allowSpecial: false);

    public sealed override IReadOnlyList<int> Encode(string text, bool allowSpecial)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<int>();
        bool first = true;
        foreach ((string part, int token) in Added.Split(PlainText.WithoutLoneSurrogates(text), allowSpecial))
        {
            if (token >= 0)
                tokens.Add(token);
            else
                EncodePlain(part, first, tokens);
            first = false;
        }
        return tokens;
    }

    public sealed override TokenTextStream NewStream() => new Utf8TokenStream(this);

    /// <summary>Adds the ids of a text without special tokens; <paramref name="first"/> when it begins the whole text.</summary>
    protected abstract void EncodePlain(string text, bool first, List<int> tokens);

    /// <summary>
    /// Writes the bytes that <paramref name="token"/> stands for; <paramref name="atStart"/> while no text came before it. Tells whether the
    /// next token stands at a text's start too.
    /// </summary>
    /// <exception cref="InvalidInputException">The id is not in the vocabulary.</exception>
    public abstract bool AppendBytes(int token, bool atStart, Utf8Buffer bytes);

    protected InvalidInputException NoSuchToken(int token) => new("token", token.ToString(CultureInfo.InvariantCulture),
        "an id outside the vocabulary", $"0 … {VocabularySize - 1}, as in {Source}", "Use the tokenizer that made the ids.");
}
