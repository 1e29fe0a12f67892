namespace Formwork.Compiler.Spec.Keys;

/// <summary>Finds what a misspelt name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>The known name nearest to a written one; null when none is near (more than a third of it would have to change).</summary>
    public static string? Find(string written, IEnumerable<string> known)
    {
        string? nearest = null;
        int least = Math.Max(1, written.Length / 3) + 1;
        foreach (string name in known)
        {
            // The distance is at least the difference of the lengths, and noise should not cost a table.
            if (Math.Abs(name.Length - written.Length) >= least)
                continue;
            int distance = Distance(written.ToLowerInvariant().Replace('-', '_'), name.Replace('-', '_'));
            if (distance < least)
                (nearest, least) = (name, distance);
        }
        return nearest;
    }

    /// <summary>The nearest name as the end of a message, <c>; did you mean `heads`?</c>, or nothing.</summary>
    public static string Suggest(string written, IEnumerable<string> known) =>
        Find(written, known) is { } nearest ? $"; did you mean `{nearest}`?" : "";

    // Edit distance with swaps of neighbours counted as one (Damerau 1964), by rows.
    private static int Distance(string left, string right)
    {
        int[] before = new int[right.Length + 1], last = Enumerable.Range(0, right.Length + 1).ToArray(), next = new int[right.Length + 1];
        for (int i = 1; i <= left.Length; i++)
        {
            next[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int change = left[i - 1] == right[j - 1] ? 0 : 1;
                next[j] = Math.Min(Math.Min(last[j] + 1, next[j - 1] + 1), last[j - 1] + change);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    next[j] = Math.Min(next[j], before[j - 2] + 1);
            }
            (before, last, next) = (last, next, before);
        }
        return last[right.Length];
    }
}
