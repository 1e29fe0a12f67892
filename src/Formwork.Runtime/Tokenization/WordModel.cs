namespace Formwork.Runtime.Tokenization;

/// <summary>Turns one word into ids: byte pairs, WordPiece, or a plain look-up.</summary>
internal abstract class WordModel(Vocabulary vocabulary)
{
    public Vocabulary Vocabulary => vocabulary;

    /// <summary>Adds the ids of <paramref name="word"/>, which is not empty.</summary>
    public abstract void Encode(string word, List<int> tokens);
}
