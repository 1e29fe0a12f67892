namespace Formwork.Runtime.Tokenization;

/// <summary>
/// Byte-pair merging: while any two neighbours have a merge, the one of least rank happens, the leftmost among equals. One for SentencePiece,
/// llama2.c and tokenizer.json, because Microsoft.ML.Tokenizers' LlamaTokenizer does not take the leftmost (goldens <c>llama-spm</c>:
/// <c>!!!!!!</c>), and for words so long that its BpeTokenizer, which is quadratic in a word's length, would not come back.
/// </summary>
internal sealed class PairMerger
{
    private readonly Dictionary<long, Merge> _merges = [];

    private readonly record struct Merge(int Rank, int Result);

    private readonly record struct Candidate(int At, int Left, int Right, int Result);

    /// <summary>Number of merges.</summary>
    public int Count => _merges.Count;

    /// <summary>Adds a merge; false when the pair has one already, which stays.</summary>
    public bool TryAdd(int left, int right, int rank, int result) => _merges.TryAdd(Pair(left, right), new Merge(rank, result));

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;

    /// <summary>Merges <paramref name="symbols"/> as far as merges reach, in time n log n, and adds what remains to <paramref name="tokens"/>.</summary>
    public void Run(ReadOnlySpan<int> symbols, List<int> tokens)
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

    private const int Gone = int.MinValue;

    private void Enqueue(PriorityQueue<Candidate, long> queue, int at, int left, int right)
    {
        if (_merges.TryGetValue(Pair(left, right), out Merge merge))
            queue.Enqueue(new Candidate(at, left, right, merge.Result), ((long)merge.Rank << 32) | (uint)at);
    }

    /// <summary>
    /// The merger of a vocabulary whose pieces have scores: two neighbours merge when their concatenation is a piece, the highest score first.
    /// </summary>
    /// <param name="count">Number of ids.</param>
    /// <param name="score">Score of the piece with that id; null when merging must not make it.</param>
    /// <param name="ids">The id of each text that merging can find.</param>
    public static PairMerger FromScores(int count, Func<int, float?> score, Dictionary<string, int> ids)
    {
        int[] ranks = Ranks([.. Enumerable.Range(0, count).Select(score)]);
        var merger = new PairMerger();
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> find = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach ((string piece, int id) in ids)
        {
            if (ranks[id] < 0)
                continue;
            for (int split = 1; split < piece.Length; split++)
            {
                if (find.TryGetValue(piece.AsSpan(0, split), out int left) && find.TryGetValue(piece.AsSpan(split), out int right))
                    merger.TryAdd(left, right, ranks[id], id);
            }
        }
        return merger;
    }

    /// <summary>Rank by descending score, equal for equal scores; −1 for none.</summary>
    private static int[] Ranks(float?[] scores)
    {
        int[] order = [.. Enumerable.Range(0, scores.Length).Where(id => scores[id] is not null).OrderByDescending(id => scores[id])];
        var ranks = new int[scores.Length];
        Array.Fill(ranks, -1);
        for (int i = 0; i < order.Length; i++)
            ranks[order[i]] = i > 0 && scores[order[i]] == scores[order[i - 1]] ? ranks[order[i - 1]] : i;
        return ranks;
    }
}
