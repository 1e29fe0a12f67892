using System.Runtime.InteropServices;
using System.Text;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>
/// Byte-pair encoding over characters; one that the vocabulary lacks becomes its bytes (<c>&lt;0xNN&gt;</c>) or the unknown token. Our own merge,
/// as for SentencePiece: this is how a SentencePiece model looks in tokenizer.json, its whole text one word.
/// </summary>
/// <param name="vocabulary">The tokens.</param>
/// <param name="merges">The merges.</param>
/// <param name="unknown">The id for what the vocabulary lacks; null where that is an error.</param>
internal sealed class CharacterBpe(Vocabulary vocabulary, MergeList merges, int? unknown) : WordModel(vocabulary)
{
    private readonly PairMerger _merger = merges.Merger(unknown);

    /// <summary>Whether a run of unknown characters is one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether the bytes of an unknown character are taken when the vocabulary has them all.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a word that is a token is taken whole, without merging.</summary>
    public bool WholeWordsFirst { get; init; }

    /// <summary>What the symbol of every character but a word's first begins with.</summary>
    public string ContinuingPrefix => merges.ContinuingPrefix;

    /// <summary>What the symbol of a word's last character ends with (<c>&lt;/w&gt;</c>).</summary>
    public string EndOfWord { get; init; } = "";

    public override void Encode(string word, List<int> tokens)
    {
        if (WholeWordsFirst && Vocabulary.TryFindText(word, out int whole))
        {
            tokens.Add(whole);
            return;
        }
        var symbols = new List<int>(word.Length);
        bool afterUnknown = false;
        int at = 0;
        foreach (Rune rune in word.EnumerateRunes())
        {
            string symbol = (at == 0 ? "" : ContinuingPrefix) + rune;
            at += rune.Utf16SequenceLength;
            bool known = TryAddCharacter(at == word.Length ? symbol + EndOfWord : symbol, symbols);
            if (!known && !(FuseUnknown && afterUnknown))
                symbols.Add(unknown ?? throw CannotWrite(rune.ToString()));
            afterUnknown = !known;
        }
        _merger.Run(CollectionsMarshal.AsSpan(symbols), tokens);
    }

    private bool TryAddCharacter(string character, List<int> symbols)
    {
        if (Vocabulary.TryFind(character, out int id))
        {
            symbols.Add(id);
            return true;
        }
        return ByteFallback && TryAddBytes(character, symbols);
    }
}
