namespace Formwork.Runtime.Tokenization;

/// <summary>Changes a text before it is cut into words: case, accents, white space, Unicode forms.</summary>
internal abstract class TextNormalizer
{
    public abstract string Normalize(string text);
}
