using System.Text;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Turns one word into ids: byte pairs, WordPiece, unigram, or a plain look-up.</summary>
internal abstract class WordModel(Vocabulary vocabulary)
{
    public Vocabulary Vocabulary => vocabulary;

    /// <summary>Adds the ids of <paramref name="word"/>, which is not empty.</summary>
    /// <exception cref="InvalidInputException">The vocabulary cannot write it and has no unknown token.</exception>
    public abstract void Encode(string word, List<int> tokens);

    /// <summary>Adds the byte tokens (<c>&lt;0xNN&gt;</c>) of a text, if the vocabulary has them all.</summary>
    protected bool TryAddBytes(string text, List<int> tokens)
    {
        int before = tokens.Count;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            if (!Vocabulary.TryFind($"<0x{value:X2}>", out int id))
            {
                tokens.RemoveRange(before, tokens.Count - before);
                return false;
            }
            tokens.Add(id);
        }
        return true;
    }

    /// <summary>The error of a text that no token can write.</summary>
    protected static InvalidInputException CannotWrite(string text) => new("prompt", null, $"{PlainText.Quoted(text)}, which the vocabulary cannot write",
        "text of the vocabulary, which has no token for the unknown", "Leave it out, or use a tokenizer that knows it.");
}
