using System.Text;
using Microsoft.ML.Tokenizers;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>
/// Byte-pair encoding over bytes. Microsoft.ML.Tokenizers' BpeTokenizer encodes the words; one longer than any real word goes to our own
/// merger, because the library's time is quadratic in it (100,000 letters: 2 s; a megabyte: minutes).
/// </summary>
internal sealed class ByteLevelBpe : WordModel
{
    private const int LongestLibraryWord = 512;

    private readonly BpeTokenizer _library;
    private readonly PairMerger _merger;
    private readonly int[] _byteIds = new int[256];
    private readonly bool _hasAllBytes, _wholeWordsFirst;
    private readonly string _source;

    /// <param name="source">The file, for messages.</param>
    /// <param name="vocabulary">Forms in the byte alphabet.</param>
    /// <param name="merges">The merges; no part has a space in it.</param>
    /// <param name="wholeWordsFirst">Whether a word that is a token is taken whole, without merging (<c>ignore_merges</c>).</param>
    public ByteLevelBpe(string source, Vocabulary vocabulary, MergeList merges, bool wholeWordsFirst) : base(vocabulary)
    {
        _source = source;
        _wholeWordsFirst = wholeWordsFirst;
        _library = BpeTokenizer.Create(new BpeOptions(vocabulary.Ids)
        {
            ByteLevel = true,
            Merges = merges.Merges.Select(merge => $"{merge.Left} {merge.Right}"),
        });
        _merger = merges.Merger(unknown: null);
        for (int value = 0; value < 256; value++)
            _byteIds[value] = vocabulary.TryFind([ByteLevelAlphabet.Character((byte)value)], out int id) ? id : -1;
        _hasAllBytes = !_byteIds.Contains(-1);
    }

    public override void Encode(string word, List<int> tokens)
    {
        if (_wholeWordsFirst && Vocabulary.TryFindText(ByteLevelAlphabet.Write(word), out int whole))
            tokens.Add(whole);
        else if (_hasAllBytes && word.Length <= LongestLibraryWord)
            tokens.AddRange(_library.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false));
        else
            _merger.Run(Array.ConvertAll(Encoding.UTF8.GetBytes(word), value => ByteId(value, word)), tokens);
    }

    private int ByteId(byte value, string word) => _byteIds[value] >= 0 ? _byteIds[value] : throw new InvalidInputException("prompt", PlainText.Quoted(word),
        $"byte 0x{value:X2}, which the vocabulary cannot write", $"the bytes that {_source} has", "Leave the character out, or use the whole vocabulary.");
}
