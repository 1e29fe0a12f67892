namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Turns one word into ids: byte pairs, WordPiece, or a plain look-up.</summary>
internal abstract class WordModel(Vocabulary vocabulary)
{
    public Vocabulary Vocabulary => vocabulary;

    /// <summary>Adds the ids of <paramref name="word"/>, which is not empty.</summary>
    /// <exception cref="InvalidInputException">The vocabulary cannot write it and has no unknown token.</exception>
    public abstract void Encode(string word, List<int> tokens);

    /// <summary>The error of a text that no token can write.</summary>
    protected static InvalidInputException CannotWrite(string text) => new("prompt", null, $"{PlainText.Quoted(text)}, which the vocabulary cannot write",
        "text of the vocabulary, which has no token for the unknown", "Leave it out, or use a tokenizer that knows it.");
}
