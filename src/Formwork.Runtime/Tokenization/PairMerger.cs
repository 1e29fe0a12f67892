namespace Formwork.Runtime.Tokenization;

/// <summary>
/// Byte-pair merging: while any two neighbours have a merge, the one of least rank happens, the leftmost among equals. One for SentencePiece,
/// llama2.c and tokenizer.json, because Microsoft.ML.Tokenizers' LlamaTokenizer does not take the leftmost (goldens <c>llama-spm</c>:
/// <c>!!!!!!</c>), and for words so long that its BpeTokenizer, which is quadratic in a word's length, would not come back.
/// </summary>
internal sealed class PairMerger
{
    /// <summary>Up to here, looking at all neighbours each time beats a queue.</summary>
    private const int ShortRun = 40;

    private const int Gone = int.MinValue, NoMerge = int.MaxValue;

    private readonly Dictionary<long, Merge> _merges = [];
    private HashSet<long>? _neighbours = [];

    private readonly record struct Merge(int Rank, int Result);

    private readonly record struct Candidate(int At, int Left, int Right, int Result);

    /// <summary>Adds a merge; the pair's earlier one stays.</summary>
    public void Add(int left, int right, int rank, int result) => _merges.TryAdd(Pair(left, right), new Merge(rank, result));

    /// <summary>
    /// Says that a token may have these two symbols, as they are before any merge, side by side. Where two symbols are neighbours in no token,
    /// nothing merges across, and the text is cut there: its words are merged one by one.
    /// </summary>
    public void AddNeighbours(int left, int right) => _neighbours?.Add(Pair(left, right));

    /// <summary>Says that neighbours are not known, so that nothing may be cut.</summary>
    public void NeverCut() => _neighbours = null;

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;

    /// <summary>Merges <paramref name="symbols"/> as far as merges reach, in time n log n, and adds what remains to <paramref name="tokens"/>.</summary>
    public void Run(ReadOnlySpan<int> symbols, List<int> tokens)
    {
        int begin = 0;
        for (int at = 1; at <= symbols.Length; at++)
        {
            if (at < symbols.Length && _neighbours?.Contains(Pair(symbols[at - 1], symbols[at])) != false)
                continue;
            ReadOnlySpan<int> run = symbols[begin..at];
            if (run.Length == 1)
                tokens.Add(run[0]);
            else if (run.Length <= ShortRun)
                RunShort(run, tokens);
            else
                RunLong(run, tokens);
            begin = at;
        }
    }

    private void RunShort(ReadOnlySpan<int> symbols, List<int> tokens)
    {
        Span<int> ids = stackalloc int[ShortRun], ranks = stackalloc int[ShortRun], results = stackalloc int[ShortRun];
        int count = symbols.Length;
        symbols.CopyTo(ids);
        for (int at = 0; at + 1 < count; at++)
            Look(at, ids, ranks, results);
        while (count > 1)
        {
            int best = 0;
            for (int at = 1; at + 1 < count; at++)
                best = ranks[at] < ranks[best] ? at : best;
            if (ranks[best] == NoMerge)
                break;
            ids[best] = results[best];
            ids[(best + 2)..count].CopyTo(ids[(best + 1)..]);
            ranks[(best + 1)..(count - 1)].CopyTo(ranks[best..]);
            results[(best + 1)..(count - 1)].CopyTo(results[best..]);
            count--;
            if (best + 1 < count)
                Look(best, ids, ranks, results);
            if (best > 0)
                Look(best - 1, ids, ranks, results);
        }
        tokens.AddRange(ids[..count]);
    }

    private void Look(int at, Span<int> ids, Span<int> ranks, Span<int> results)
    {
        bool found = _merges.TryGetValue(Pair(ids[at], ids[at + 1]), out Merge merge);
        (ranks[at], results[at]) = found ? (merge.Rank, merge.Result) : (NoMerge, 0);
    }

    private void RunLong(ReadOnlySpan<int> symbols, List<int> tokens)
    {
        int count = symbols.Length;
        int[] ids = symbols.ToArray(), next = new int[count], previous = new int[count];
        // Least rank first, then leftmost: both in one key.
        var queue = new PriorityQueue<Candidate, long>(count);
        for (int at = 0; at < count; at++)
        {
            previous[at] = at - 1;
            next[at] = at + 1;
            if (at + 1 < count)
                Enqueue(queue, at, ids[at], ids[at + 1]);
        }
        while (queue.TryDequeue(out Candidate candidate, out _))
        {
            int at = candidate.At, right = next[at];
            // An entry is out of date when either side has merged since; a merged-away symbol keeps no id.
            if (right >= count || ids[at] != candidate.Left || ids[right] != candidate.Right)
                continue;
            ids[at] = candidate.Result;
            ids[right] = Gone;
            next[at] = next[right];
            if (next[at] < count)
            {
                previous[next[at]] = at;
                Enqueue(queue, at, ids[at], ids[next[at]]);
            }
            if (previous[at] >= 0)
                Enqueue(queue, previous[at], ids[previous[at]], ids[at]);
        }
        for (int at = 0; at < count; at = next[at])
            tokens.Add(ids[at]);
    }

    private void Enqueue(PriorityQueue<Candidate, long> queue, int at, int left, int right)
    {
        if (_merges.TryGetValue(Pair(left, right), out Merge merge))
            queue.Enqueue(new Candidate(at, left, right, merge.Result), ((long)merge.Rank << 32) | (uint)at);
    }
}
