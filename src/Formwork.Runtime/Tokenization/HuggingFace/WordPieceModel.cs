using System.Text;
using Microsoft.ML.Tokenizers;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>WordPiece by Microsoft.ML.Tokenizers: the longest piece that begins the word, then the longest that continues it, or all unknown.</summary>
internal sealed class WordPieceModel : WordModel
{
    private readonly WordPieceTokenizer _library;
    private readonly int _unknown, _longestWord;

    /// <param name="vocabulary">Pieces; those that continue a word begin with the prefix.</param>
    /// <param name="unknown">The id of a word that pieces cannot make.</param>
    /// <param name="prefix">What a continuing piece begins with.</param>
    /// <param name="longestWord">Characters of the longest word that is tried.</param>
    public WordPieceModel(Vocabulary vocabulary, int unknown, string prefix, int longestWord) : base(vocabulary)
    {
        _unknown = unknown;
        _longestWord = longestWord;
        // The library reads one piece a line; an empty line is an id without one. No word has a line end in it.
        string lines = string.Join('\n', Enumerable.Range(0, vocabulary.Size).Select(Line));
        _library = WordPieceTokenizer.Create(new MemoryStream(Encoding.UTF8.GetBytes(lines)), new WordPieceOptions
        {
            UnknownToken = vocabulary.Form(unknown)!,
            ContinuingSubwordPrefix = prefix,
            // The library counts UTF-16 units where BERT counts characters, so the limit is kept here.
            MaxInputCharsPerWord = 2 * longestWord,
        });
    }

    private string Line(int id) => Vocabulary.Form(id) is { } form && (id == _unknown || Vocabulary.TryFindText(form, out _)) && !form.AsSpan().ContainsAny('\r', '\n') ? form : "";

    public override void Encode(string word, List<int> tokens)
    {
        if (word.Length > _longestWord && word.EnumerateRunes().Count() > _longestWord)
            tokens.Add(_unknown);
        else
            tokens.AddRange(_library.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false));
    }
}
