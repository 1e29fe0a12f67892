namespace Formwork.Runtime.Tokenization;

/// <summary>Byte-pair merging by scores: two neighbours merge when their concatenation is a piece, the highest score first.</summary>
internal static class ScoredPieces
{
    /// <summary>The merger of such a vocabulary.</summary>
    /// <param name="ids">The id of each text that merging can find.</param>
    /// <param name="scores">The score of each id; null for one that merging must not make.</param>
    /// <param name="addSymbols">Adds the symbols of a text before any merge.</param>
    public static PairMerger Merger(Dictionary<string, int> ids, float?[] scores, Action<string, List<int>> addSymbols)
    {
        int[] ranks = Ranks(scores);
        var merger = new PairMerger();
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> find = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var symbols = new List<int>();
        foreach ((string piece, int id) in ids)
        {
            if (ranks[id] < 0)
                continue;
            for (int split = 1; split < piece.Length; split++)
            {
                if (find.TryGetValue(piece.AsSpan(0, split), out int left) && find.TryGetValue(piece.AsSpan(split), out int right))
                    merger.Add(left, right, ranks[id], id);
            }
            symbols.Clear();
            addSymbols(piece, symbols);
            for (int at = 1; at < symbols.Count; at++)
                merger.AddNeighbours(symbols[at - 1], symbols[at]);
        }
        return merger;
    }

    /// <summary>Rank by descending score, equal for equal scores; −1 for none.</summary>
    private static int[] Ranks(float?[] scores)
    {
        var order = new int[scores.Length];
        var keys = new float[scores.Length];
        for (int id = 0; id < scores.Length; id++)
            (order[id], keys[id]) = (id, -(scores[id] ?? float.NegativeInfinity));
        Array.Sort(keys, order);
        var ranks = new int[scores.Length];
        for (int i = 0; i < order.Length; i++)
            ranks[order[i]] = scores[order[i]] is null ? -1 : i > 0 && keys[i] == keys[i - 1] ? ranks[order[i - 1]] : i;
        return ranks;
    }
}
