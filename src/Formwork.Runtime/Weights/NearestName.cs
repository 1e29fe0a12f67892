namespace Formwork.Runtime.Weights;

/// <summary>Finds, for a message, the name that somebody probably meant.</summary>
internal static class NearestName
{
    private const int LongestName = 200, MostNames = 10_000;

    /// <summary>The name with the fewest changed characters (Levenshtein); null when there is none, or none that is at least half the same.</summary>
    public static string? Find(string wanted, IEnumerable<string> names)
    {
        string? nearest = null;
        int fewest = Math.Min(wanted.Length, LongestName) / 2 + 1;
        foreach (string name in names.Take(MostNames))
        {
            if (name.Length > LongestName || wanted.Length > LongestName || Math.Abs(name.Length - wanted.Length) >= fewest)
                continue;
            int changes = Distance(wanted, name);
            if (changes < fewest)
                (nearest, fewest) = (name, changes);
        }
        return nearest;
    }

    private static int Distance(string left, string right)
    {
        Span<int> row = stackalloc int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++)
            row[j] = j;
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.Length];
    }
}
