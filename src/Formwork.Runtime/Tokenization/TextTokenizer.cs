namespace Formwork.Runtime.Tokenization;

/// <summary>Text to token ids and back. Instances are immutable and can be shared between threads.</summary>
public abstract class TextTokenizer
{
    /// <summary>Number of ids; ids are 0 … VocabularySize − 1.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The ids of <paramref name="text"/>, no special token added.</summary>
    public abstract IReadOnlyList<int> Encode(string text);

    /// <summary>The text of <paramref name="tokens"/>; bytes that form no valid UTF-8 become U+FFFD.</summary>
    /// <exception cref="InvalidInputException">An id is not in the vocabulary.</exception>
    public string Decode(IEnumerable<int> tokens)
    {
        TokenTextStream stream = NewStream();
        return string.Concat(tokens.Select(stream.Append)) + stream.Finish();
    }

    /// <summary>A decoder for tokens that come one by one; it holds back bytes until they form whole characters.</summary>
    public abstract TokenTextStream NewStream();
}

/// <summary>Decodes a stream of tokens without ever splitting a character.</summary>
public abstract class TokenTextStream
{
    /// <summary>Takes the next token and gives the text that is now certain; empty while a character is incomplete.</summary>
    /// <exception cref="InvalidInputException">The id is not in the vocabulary.</exception>
    public abstract string Append(int token);

    /// <summary>The rest, at the end: an incomplete character becomes U+FFFD.</summary>
    public abstract string Finish();
}
