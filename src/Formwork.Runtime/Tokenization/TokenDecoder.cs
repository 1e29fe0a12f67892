namespace Formwork.Runtime.Tokenization;

/// <summary>The bytes that a token's written form stands for.</summary>
internal abstract class TokenDecoder
{
    /// <summary>Writes the bytes; <paramref name="atStart"/> while no text came before. Tells whether the next token is at the start too.</summary>
    public abstract bool Append(string form, bool atStart, Utf8Buffer bytes);
}
