namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Merges in the order of their rank, each once, their parts and result in the vocabulary.</summary>
internal sealed class MergeList(Vocabulary vocabulary)
{
    private readonly List<(string Left, string Right)> _merges = [];
    private readonly HashSet<(string, string)> _seen = [];

    public IReadOnlyList<(string Left, string Right)> Merges => _merges;

    /// <summary>Adds the next merge; tells what is found instead when it cannot be one.</summary>
    public string? TryAdd(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
            return "a merge with an empty part";
        foreach (string token in new[] { left, right, left + right })
        {
            if (!vocabulary.Ids.ContainsKey(token))
                return $"a merge with {PlainText.Quoted(token)}, which the vocabulary lacks";
        }
        if (!_seen.Add((left, right)))
            return $"the merge of {PlainText.Quoted(left)} and {PlainText.Quoted(right)} again";
        _merges.Add((left, right));
        return null;
    }

    /// <summary>A merger over the vocabulary's ids.</summary>
    public PairMerger Merger()
    {
        var merger = new PairMerger();
        for (int rank = 0; rank < _merges.Count; rank++)
        {
            (string left, string right) = _merges[rank];
            merger.TryAdd(vocabulary.Ids[left], vocabulary.Ids[right], rank, vocabulary.Ids[left + right]);
        }
        return merger;
    }
}
