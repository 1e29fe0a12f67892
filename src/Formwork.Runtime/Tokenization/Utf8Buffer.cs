using System.Text;

namespace Formwork.Runtime.Tokenization;

/// <summary>Bytes of the token in hand, refilled for each.</summary>
internal sealed class Utf8Buffer
{
    byte[] bytes = new byte[64];
    int count;

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, count);

    public void Clear() => count = 0;

    public void Add(byte value) => Add([value]);

    public void Add(ReadOnlySpan<byte> values)
    {
        if (count + values.Length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(2 * bytes.Length, count + values.Length));
        values.CopyTo(bytes.AsSpan(count));
        count += values.Length;
    }

    public void Add(string text) => Add(Encoding.UTF8.GetBytes(text));
}
