using System.Text;

namespace Formwork.Runtime.Tokenization;

/// <summary>Bytes of the token in hand, refilled for each.</summary>
internal sealed class Utf8Buffer
{
    private byte[] _bytes = new byte[64];
    private int _count;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    public void Clear() => _count = 0;

    public void Add(byte value) => Add([value]);

    public void Add(ReadOnlySpan<byte> values)
    {
        if (_count + values.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _count + values.Length));
        values.CopyTo(_bytes.AsSpan(_count));
        _count += values.Length;
    }

    public void Add(string text) => Add(Encoding.UTF8.GetBytes(text));
}
