namespace Formwork.Runtime.Tokenization;

/// <summary>Decodes a stream of tokens without ever splitting a character.</summary>
public abstract class TokenTextStream
{
    /// <summary>Takes the next token and gives the text that is now certain; empty while a character is incomplete.</summary>
    /// <exception cref="InvalidInputException">The id is not in the vocabulary.</exception>
    public abstract string Append(int token);

    /// <summary>The rest, at the end: an incomplete character becomes U+FFFD.</summary>
    public abstract string Finish();
}
