namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>The bytes that a token's written form stands for.</summary>
internal abstract class TokenDecoder
{
    /// <summary>Spaces left out at the end of a text, at most.</summary>
    public virtual int SpacesDroppedAtEnd => 0;

    /// <summary>Writes the bytes; <paramref name="atStart"/> while no text came before.</summary>
    public abstract void Append(string form, bool atStart, Utf8Buffer bytes);

    /// <summary>As <see cref="Append"/>, for an added token, whose form is its text.</summary>
    public virtual void AppendAdded(string form, bool atStart, Utf8Buffer bytes) => Append(form, atStart, bytes);

    /// <summary>Forms in GPT-2's byte alphabet.</summary>
    public sealed class ByteLevel : TokenDecoder
    {
        public override void Append(string form, bool atStart, Utf8Buffer bytes) => bytes.Add(ByteLevelAlphabet.Bytes(form));

        public override void AppendAdded(string form, bool atStart, Utf8Buffer bytes) => bytes.Add(form);
    }

    /// <summary>A space between tokens: what Hugging Face does where there is no decoder.</summary>
    public sealed class Spaced : TokenDecoder
    {
        public override void Append(string form, bool atStart, Utf8Buffer bytes) => bytes.Add(atStart ? form : " " + form);
    }

    /// <summary>A space before each piece that does not continue a word.</summary>
    /// <param name="prefix">What a continuing piece begins with.</param>
    /// <param name="cleanUp">Whether the space before English punctuation and contractions goes.</param>
    public sealed class WordPiece(string prefix, bool cleanUp) : TokenDecoder
    {
        private static readonly (string Found, string Content)[] CleanUps =
        [
            (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
        ];

        public override void Append(string form, bool atStart, Utf8Buffer bytes)
        {
            string text = atStart ? form : form.StartsWith(prefix, StringComparison.Ordinal) ? form[prefix.Length..] : " " + form;
            bytes.Add(cleanUp ? CleanUps.Aggregate(text, (current, step) => current.Replace(step.Found, step.Content, StringComparison.Ordinal)) : text);
        }
    }

    /// <summary>A visible space is a space, and none at the beginning when encoding put it there.</summary>
    public sealed class Metaspace(string replacement, bool dropFirst) : TokenDecoder
    {
        public override void Append(string form, bool atStart, Utf8Buffer bytes) => bytes.Add(form.Replace(replacement, atStart && dropFirst ? "" : " ", StringComparison.Ordinal));
    }

    /// <summary>A space after each token that ends a word, but the last.</summary>
    public sealed class EndOfWord(string suffix) : TokenDecoder
    {
        public override int SpacesDroppedAtEnd => 1;

        public override void Append(string form, bool atStart, Utf8Buffer bytes) => bytes.Add(suffix.Length == 0 ? form : form.Replace(suffix, " ", StringComparison.Ordinal));
    }

    /// <summary>Steps on each token's form; then bytes for <c>&lt;0xNN&gt;</c>, or the form as it is.</summary>
    public sealed class Steps(IReadOnlyList<Func<string, string>> steps, bool bytesInBrackets, bool byteLevel, string dropAtStart, int dropAtEnd) : TokenDecoder
    {
        // A form of the byte alphabet writes what is dropped in that alphabet.
        private readonly string _writtenDrop = ByteLevelAlphabet.Write(dropAtStart);

        public override int SpacesDroppedAtEnd => dropAtEnd;

        public override void Append(string form, bool atStart, Utf8Buffer bytes)
        {
            string text = steps.Aggregate(form, (current, step) => step(current));
            if (bytesInBrackets && SentencePieceReader.ByteOf(text) is { } value)
                bytes.Add(value);
            else if (byteLevel)
                bytes.Add(ByteLevelAlphabet.Bytes(atStart ? WithoutFirst(text, _writtenDrop) : text));
            else
                bytes.Add(atStart ? WithoutFirst(text, dropAtStart) : text);
        }

        public override void AppendAdded(string form, bool atStart, Utf8Buffer bytes)
        {
            if (byteLevel)
                bytes.Add(form);
            else
                base.AppendAdded(form, atStart, bytes);
        }

        private static string WithoutFirst(string text, string dropped) =>
            dropped.Length > 0 && text.StartsWith(dropped, StringComparison.Ordinal) ? text[dropped.Length..] : text;
    }
}
