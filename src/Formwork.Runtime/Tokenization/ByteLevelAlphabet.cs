namespace Formwork.Runtime.Tokenization;

/// <summary>
/// GPT-2's way of writing bytes as visible characters: printable Latin-1 stands for itself, the other 68 bytes, in order, are U+0100 and on
/// (space is <c>Ġ</c>, newline <c>Ċ</c>).
/// </summary>
internal static class ByteLevelAlphabet
{
    private static readonly char[] Alphabet = MakeAlphabet();
    private static readonly Dictionary<char, byte> ByteOf = Enumerable.Range(0, 256).ToDictionary(value => Alphabet[value], value => (byte)value);

    private static char[] MakeAlphabet()
    {
        var all = new char[256];
        int moved = 0;
        for (int value = 0; value < 256; value++)
            all[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)value : (char)(256 + moved++);
        return all;
    }

    public static char Character(byte value) => Alphabet[value];

    public static bool TryByte(char character, out byte value) => ByteOf.TryGetValue(character, out value);

    /// <summary>A text's UTF-8 in the alphabet.</summary>
    public static string Write(string text) => string.Concat(System.Text.Encoding.UTF8.GetBytes(text).Select(Character));

    /// <summary>The bytes that <paramref name="form"/> writes; as UTF-8 when it has other characters, as Hugging Face's decoder does.</summary>
    public static byte[] Bytes(string form) => form.All(ByteOf.ContainsKey) ? [.. form.Select(character => ByteOf[character])] : System.Text.Encoding.UTF8.GetBytes(form);
}
