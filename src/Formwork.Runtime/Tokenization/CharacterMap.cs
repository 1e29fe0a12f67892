using System.Buffers.Binary;
using System.Globalization;
using System.Text.Unicode;

namespace Formwork.Runtime.Tokenization;

/// <summary>
/// SentencePiece's <c>precompiled_charsmap</c>: a 32-bit length, a double-array trie of that many bytes, and the replacements, each ended by a
/// zero byte. A unit of the trie (darts-clone's format) has a label in bits 0–7, in bit 8 whether a value follows, in bits 10–30 the exclusive-or
/// to its children's place, shifted by 8 where bit 9 is set; a value's unit has bit 31 set. Keys and replacements are UTF-8.
/// </summary>
internal sealed class CharacterMap
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    private CharacterMap(uint[] units, byte[] replacements) => (_units, _replacements) = (units, replacements);

    /// <summary>Reads and checks a map.</summary>
    /// <param name="bytes">The map.</param>
    /// <param name="wrong">Makes the error of what is found and what is expected.</param>
    /// <exception cref="InvalidInputException">The map is damaged.</exception>
    public static CharacterMap Read(ReadOnlySpan<byte> bytes, Func<string, string, InvalidInputException> wrong)
    {
        if (bytes.Length < 4)
            throw wrong($"a character map of {bytes.Length} bytes", "at least 4");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length == 0 || length % 4 != 0 || length > bytes.Length - 4)
            throw wrong(Text($"a character map whose trie has {length} of {bytes.Length - 4} bytes"), "a trie of whole 4-byte units within the map");
        var units = new uint[length / 4];
        for (int i = 0; i < units.Length; i++)
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + 4 * i)..]);
        var map = new CharacterMap(units, bytes[(4 + (int)length)..].ToArray());
        return map.Damage() is { } damage ? throw wrong("a damaged character map: " + damage, "a trie whose links and replacements lie within the map") : map;
    }

    /// <summary>The longest key that begins <paramref name="text"/>.</summary>
    public bool TryLongest(ReadOnlySpan<byte> text, out int length, out ReadOnlySpan<byte> replacement) => TryFind(text, shortest: false, out length, out replacement);

    /// <summary>The shortest key that begins <paramref name="text"/>.</summary>
    public bool TryShortest(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement) => TryFind(text, shortest: true, out _, out replacement);

    private bool TryFind(ReadOnlySpan<byte> text, bool shortest, out int length, out ReadOnlySpan<byte> replacement)
    {
        length = 0;
        int value = -1;
        uint place = Children(0, _units[0]);
        for (int at = 0; at < text.Length && TryStep(ref place, text[at], out uint unit); at++)
        {
            if (!HasValue(unit))
                continue;
            (length, value) = (at + 1, Value(place));
            if (shortest)
                break;
        }
        replacement = value < 0 ? default : Replacement(value);
        return value >= 0;
    }

    private bool TryStep(ref uint place, byte label, out uint unit)
    {
        uint child = place ^ label;
        unit = child < _units.Length ? _units[child] : 0;
        // A unit with bit 31 is a value, never a child.
        if (label == 0 || child >= _units.Length || (unit & 0x800000FF) != label)
            return false;
        place = Children(child, unit);
        return true;
    }

    private static uint Children(uint place, uint unit) => place ^ ((unit >> 10) << (int)((unit & 0x200) >> 6));

    private static bool HasValue(uint unit) => (unit & 0x100) != 0;

    private int Value(uint place) => (int)(_units[place] & 0x7FFFFFFF);

    private ReadOnlySpan<byte> Replacement(int value)
    {
        ReadOnlySpan<byte> rest = _replacements.AsSpan(value);
        return rest[..rest.IndexOf((byte)0)];
    }

    /// <summary>What is wrong, so that no search can leave the map; null for nothing. Every node is looked at once.</summary>
    private string? Damage()
    {
        var seen = new HashSet<uint>();
        var open = new Stack<uint>([Children(0, _units[0])]);
        while (open.TryPop(out uint place))
        {
            if (place >= _units.Length)
                return Text($"a link to unit {place} of {_units.Length}");
            if (!seen.Add(place))
                continue;
            for (int label = 1; label < 256; label++)
            {
                uint next = place;
                if (!TryStep(ref next, (byte)label, out uint unit))
                    continue;
                if (next >= _units.Length || (HasValue(unit) && !IsReplacement(Value(next))))
                    return Text($"unit {place ^ (uint)label} leads nowhere");
                open.Push(next);
            }
        }
        return null;
    }

    private bool IsReplacement(int value)
    {
        if (value >= _replacements.Length)
            return false;
        int end = _replacements.AsSpan(value).IndexOf((byte)0);
        return end >= 0 && Utf8.IsValid(_replacements.AsSpan(value, end));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
