using System.Globalization;
using System.Text;

namespace Formwork.Runtime.Tokenization.Unicode;

/// <summary>
/// Unicode's normalization forms D and C, and the compatibility forms KD and KC (UAX 15). Our own, because .NET normalizes nothing beyond ASCII where globalization is
/// invariant, as it is in small containers and in most NativeAOT programs, and a tokenizer must not depend on that.
/// </summary>
internal static partial class CanonicalForms
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TrailCount = 28, HangulCount = LeadCount * VowelCount * TrailCount;

    private static readonly Lazy<Tables> All = new(Read);

    private static readonly Lazy<Dictionary<int, int[]>> Compatible = new(ReadCompatibility);

    private sealed record Tables(Dictionary<int, (int First, int Second)> Parts, Dictionary<(int First, int Second), int> Composed, Dictionary<int, byte> Classes);

    /// <summary>Form D: every character taken apart, combining marks in canonical order.</summary>
    public static string Decompose(string text) => IsPlain(text, 0xC0) ? text : Text(Decomposed(text, compatibility: false));

    /// <summary>Form KD: characters that differ in looks only (ﬁ, ½, full width) are taken apart too.</summary>
    public static string DecomposeCompatibly(string text) => IsPlain(text, 0xA0) ? text : Text(Decomposed(text, compatibility: true));

    /// <summary>Form KC: as KD, and put together again.</summary>
    public static string ComposeCompatibly(string text) => IsPlain(text, 0xA0) ? text : Text(Composed(Decomposed(text, compatibility: true)));

    /// <summary>Form C: taken apart, ordered, and put together again.</summary>
    public static string Compose(string text) => IsPlain(text, 0x300) ? text : Text(Composed(Decomposed(text, compatibility: false)));

    private static bool IsPlain(string text, int limit) => !text.AsSpan().ContainsAnyExceptInRange('\0', (char)(limit - 1));

    private static string Text(List<int> scalars)
    {
        var text = new StringBuilder(scalars.Count);
        foreach (int scalar in scalars)
            text.Append(new Rune(scalar).ToString());
        return text.ToString();
    }

    private static List<int> Decomposed(string text, bool compatibility)
    {
        var scalars = new List<int>(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            AddParts(rune.Value, scalars, compatibility);
        // Marks of a run are ordered by class, those of one class staying as they were.
        for (int begin = 0; begin < scalars.Count; begin++)
        {
            int end = begin;
            while (end < scalars.Count && Class(scalars[end]) > 0)
                end++;
            if (end - begin > 1)
            {
                int[] ordered = [.. scalars[begin..end].OrderBy(Class)];
                for (int i = 0; i < ordered.Length; i++)
                    scalars[begin + i] = ordered[i];
            }
            begin = end;
        }
        return scalars;
    }

    private static void AddParts(int scalar, List<int> parts, bool compatibility)
    {
        if (scalar is >= HangulBase and < HangulBase + HangulCount)
        {
            int index = scalar - HangulBase, trail = index % TrailCount;
            parts.Add(LeadBase + index / (VowelCount * TrailCount));
            parts.Add(VowelBase + index / TrailCount % VowelCount);
            if (trail > 0)
                parts.Add(TrailBase + trail);
        }
        else if (All.Value.Parts.TryGetValue(scalar, out (int First, int Second) pair))
        {
            AddParts(pair.First, parts, compatibility);
            if (pair.Second != 0)
                AddParts(pair.Second, parts, compatibility);
        }
        else if (compatibility && Compatible.Value.TryGetValue(scalar, out int[]? alike))
        {
            foreach (int part in alike)
                AddParts(part, parts, compatibility);
        }
        else
        {
            parts.Add(scalar);
        }
    }

    private static List<int> Composed(List<int> scalars)
    {
        var composed = new List<int>(scalars.Count);
        int starter = -1, lastClass = 0;
        foreach (int scalar in scalars)
        {
            int combiningClass = Class(scalar);
            // A mark reaches its starter when no mark of the same or a higher class stands between; a starter only when nothing does.
            bool reaches = starter >= 0 && (starter == composed.Count - 1 || (combiningClass > 0 && lastClass < combiningClass));
            if (reaches && Pair(composed[starter], scalar) is { } whole)
            {
                composed[starter] = whole;
                continue;
            }
            if (combiningClass == 0)
                starter = composed.Count;
            lastClass = combiningClass;
            composed.Add(scalar);
        }
        return composed;
    }

    private static int? Pair(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + LeadCount && second is >= VowelBase and < VowelBase + VowelCount)
            return HangulBase + ((first - LeadBase) * VowelCount + second - VowelBase) * TrailCount;
        if (first is >= HangulBase and < HangulBase + HangulCount && (first - HangulBase) % TrailCount == 0 && second is > TrailBase and < TrailBase + TrailCount)
            return first + second - TrailBase;
        return All.Value.Composed.TryGetValue((first, second), out int whole) ? whole : null;
    }

    private static int Class(int scalar) => scalar < 0x300 ? 0 : All.Value.Classes.GetValueOrDefault(scalar);

    private static Tables Read()
    {
        var tables = new Tables([], [], []);
        foreach (string entry in Decompositions.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            int sign = entry.IndexOfAny(['=', '!']), plus = entry.IndexOf('+');
            int whole = Scalar(entry[..sign]), first = Scalar(plus < 0 ? entry[(sign + 1)..] : entry[(sign + 1)..plus]), second = plus < 0 ? 0 : Scalar(entry[(plus + 1)..]);
            tables.Parts.Add(whole, (first, second));
            if (entry[sign] == '=')
                tables.Composed.Add((first, second), whole);
        }
        foreach (string entry in CombiningClasses.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = entry.Split(':', '-');
            for (int scalar = Scalar(parts[0]); scalar <= Scalar(parts[^2]); scalar++)
                tables.Classes.Add(scalar, byte.Parse(parts[^1], CultureInfo.InvariantCulture));
        }
        return tables;
    }

    private static Dictionary<int, int[]> ReadCompatibility()
    {
        var table = new Dictionary<int, int[]>();
        foreach (string entry in CompatibilityParts.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = entry.Split('='), ends = sides[0].Split('-');
            int[] parts = [.. sides[1].Split('+').Select(Scalar)];
            int first = Scalar(ends[0]), last = Scalar(ends[^1]);
            for (int scalar = first; scalar <= last; scalar++)
                table.Add(scalar, first == last ? parts : [parts[0] + scalar - first]);
        }
        return table;
    }

    private static int Scalar(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
