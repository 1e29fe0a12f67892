using System.Text;
using Microsoft.ML.Tokenizers;

namespace Formwork.Runtime.Tokenization;

/// <summary>
/// Byte-pair encoding over bytes. Microsoft.ML.Tokenizers' BpeTokenizer encodes the words; one longer than any real word goes to our own
/// merger, because the library's time is quadratic in it (100,000 letters: 2 s; a megabyte: minutes).
/// </summary>
internal sealed class ByteLevelBpe : WordModel
{
    const int LongestLibraryWord = 512;

    readonly BpeTokenizer library;
    readonly PairMerger merger = new();
    readonly int[] byteIds = new int[256];
    readonly bool hasAllBytes, wholeWordsFirst;
    readonly string source;

    /// <param name="source">The file, for messages.</param>
    /// <param name="vocabulary">Forms in the byte alphabet.</param>
    /// <param name="merges">Pairs in the order of their rank; both parts and the result are in the vocabulary.</param>
    /// <param name="wholeWordsFirst">Whether a word that is a token is taken whole, without merging (<c>ignore_merges</c>).</param>
    public ByteLevelBpe(string source, Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> merges, bool wholeWordsFirst) : base(vocabulary)
    {
        this.source = source;
        this.wholeWordsFirst = wholeWordsFirst;
        library = BpeTokenizer.Create(new BpeOptions(vocabulary.Ids)
        {
            ByteLevel = true,
            Merges = merges.Select(merge => $"{merge.Left} {merge.Right}"),
        });
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (string left, string right) = merges[rank];
            merger.TryAdd(vocabulary.Ids[left], vocabulary.Ids[right], rank, vocabulary.Ids[left + right]);
        }
        for (int value = 0; value < 256; value++)
            byteIds[value] = vocabulary.TryFind([ByteLevelAlphabet.Character((byte)value)], out int id) ? id : -1;
        hasAllBytes = !byteIds.Contains(-1);
    }

    public override void Encode(string word, List<int> tokens)
    {
        if (wholeWordsFirst && Vocabulary.TryFind(string.Concat(Encoding.UTF8.GetBytes(word).Select(ByteLevelAlphabet.Character)), out int whole))
            tokens.Add(whole);
        else if (hasAllBytes && word.Length <= LongestLibraryWord)
            tokens.AddRange(library.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false));
        else
            merger.Run(Array.ConvertAll(Encoding.UTF8.GetBytes(word), value => ByteId(value, word)), tokens);
    }

    int ByteId(byte value, string word) => byteIds[value] >= 0 ? byteIds[value] : throw new InvalidInputException("prompt", PlainText.Quoted(word),
        $"byte 0x{value:X2}, which the vocabulary cannot write", $"the bytes that {source} has", "Leave the character out, or use the whole vocabulary.");
}
