namespace Formwork.Import.Families;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Nearest
{
    /// <summary>The name with the fewest changed letters; null when none has at least half of them.</summary>
    public static string? Of(string wanted, IEnumerable<string> names)
    {
        if (wanted.Length is 0 or > 64)
            return null;
        (int changes, string? name) = names.Select(name => (Changes(wanted, name), (string?)name)).Append((int.MaxValue, null)).MinBy(pair => pair.Item1);
        return changes <= wanted.Length / 2 ? name : null;
    }

    // Levenshtein's distance, one row at a time.
    private static int Changes(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
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
