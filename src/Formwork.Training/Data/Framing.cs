namespace Formwork.Training.Data;

/// <summary>Ids with what is put before and after them.</summary>
internal static class Framing
{
    public static int[] Around(int[] ids, int? begin, int? end)
    {
        ReadOnlySpan<int> before = begin is { } first ? [first] : [], after = end is { } last ? [last] : [];
        return before.IsEmpty && after.IsEmpty ? ids : [.. before, .. ids, .. after];
    }
}
