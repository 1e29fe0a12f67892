namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>One id a word.</summary>
/// <param name="vocabulary">The words.</param>
/// <param name="unknown">The id for any other word; null where that is an error.</param>
internal sealed class WordLevelModel(Vocabulary vocabulary, int? unknown) : WordModel(vocabulary)
{
    public override void Encode(string word, List<int> tokens) =>
        tokens.Add(Vocabulary.TryFindText(word, out int id) ? id : unknown ?? throw CannotWrite(word));
}
