using System.Text;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Merges in the order of their rank, each once, their parts and result in the vocabulary.</summary>
internal sealed class MergeList(Vocabulary vocabulary)
{
    private readonly List<(string Left, string Right)> _merges = [];
    private readonly HashSet<(string, string)> _seen = [];

    public IReadOnlyList<(string Left, string Right)> Merges => _merges;

    /// <summary>What a token within a word begins with, and loses when it is merged to the one before.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>What a token at a word's end ends with.</summary>
    public string EndOfWord { get; init; } = "";

    /// <summary>Adds the next merge; tells what is found instead when it cannot be one.</summary>
    public string? TryAdd(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
            return "a merge with an empty part";
        foreach (string token in new[] { left, right, Merged(left, right) })
        {
            if (!vocabulary.Ids.ContainsKey(token))
                return $"a merge with {PlainText.Quoted(token)}, which the vocabulary lacks";
        }
        if (!_seen.Add((left, right)))
            return $"the merge of {PlainText.Quoted(left)} and {PlainText.Quoted(right)} again";
        _merges.Add((left, right));
        return null;
    }

    /// <summary>A merger over the vocabulary's ids, whose symbols are characters, bytes in brackets and <paramref name="unknown"/>.</summary>
    public PairMerger Merger(int? unknown)
    {
        var merger = new PairMerger();
        for (int rank = 0; rank < _merges.Count; rank++)
        {
            (string left, string right) = _merges[rank];
            merger.Add(vocabulary.Ids[left], vocabulary.Ids[right], rank, vocabulary.Ids[Merged(left, right)]);
            Rune.DecodeLastFromUtf16(left, out Rune before, out _);
            Rune.DecodeFromUtf16(right, out Rune after, out _);
            if (vocabulary.TryFind(before.ToString(), out int last) && vocabulary.TryFind(after.ToString(), out int first))
                merger.AddNeighbours(last, first);
            // In a token, the letters of these would be taken for symbols.
            if (IsBracketed(left, unknown) || IsBracketed(right, unknown))
                merger.NeverCut();
        }
        if (ContinuingPrefix.Length + EndOfWord.Length > 0)
            merger.NeverCut();
        return merger;
    }

    private string Merged(string left, string right) =>
        left + (ContinuingPrefix.Length > 0 && right.StartsWith(ContinuingPrefix, StringComparison.Ordinal) ? right[ContinuingPrefix.Length..] : right);

    private bool IsBracketed(string token, int? unknown) => token.Contains("<0x", StringComparison.Ordinal) || vocabulary.Ids[token] == unknown;
}
