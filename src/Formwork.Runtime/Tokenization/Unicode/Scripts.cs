using System.Globalization;
using System.Text;

namespace Formwork.Runtime.Tokenization.Unicode;

/// <summary>The script of each character (Unicode's property Script), which .NET does not tell.</summary>
internal static partial class Scripts
{
    /// <summary>The script of what several scripts share: digits, punctuation, symbols.</summary>
    public const string Common = "Common";

    private static readonly Lazy<(int[] Firsts, int[] Lasts, string[] Names)> All = new(Read);

    /// <summary>The script's name; null for a code point that is no assigned character.</summary>
    public static string? Of(Rune rune)
    {
        (int[] firsts, int[] lasts, string[] names) = All.Value;
        int found = Array.BinarySearch(firsts, rune.Value), index = found >= 0 ? found : ~found - 1;
        if (index >= 0 && rune.Value <= lasts[index])
            return names[index];
        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse ? null : Common;
    }

    private static (int[] Firsts, int[] Lasts, string[] Names) Read()
    {
        var ranges = new List<(int First, int Last, string Name)>();
        string name = "";
        foreach (string word in Ranges.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.EndsWith(':'))
            {
                name = word[..^1];
                continue;
            }
            string[] ends = word.Split('-');
            ranges.Add((Scalar(ends[0]), Scalar(ends[^1]), name));
        }
        ranges.Sort();
        return ([.. ranges.Select(range => range.First)], [.. ranges.Select(range => range.Last)], [.. ranges.Select(range => range.Name)]);
    }

    private static int Scalar(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
