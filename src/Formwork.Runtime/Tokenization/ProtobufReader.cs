using System.Buffers.Binary;
using System.Globalization;

namespace Formwork.Runtime.Tokenization;

/// <summary>
/// Reads the fields of one protobuf message in a file, never outside its bytes. Wire types: 0 varint, 1 eight bytes, 2 length and bytes,
/// 5 four bytes (protobuf.dev, "Encoding").
/// </summary>
internal ref struct ProtobufReader(string path, ReadOnlySpan<byte> message, int start)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;
    private int _wireType;

    /// <summary>Goes to the next field; false at the message's end. The value must be read or skipped before.</summary>
    public bool Next(out int field)
    {
        field = 0;
        if (_at == _message.Length)
            return false;
        ulong key = Varint();
        field = (int)Math.Min(key >> 3, int.MaxValue);
        _wireType = (int)(key & 7);
        return field > 0 ? true : throw Wrong("field 0", "a field number from 1");
    }

    public int Integer() => Require(0) ? (int)Varint() : 0;

    public bool Truth() => Require(0) && Varint() != 0;

    public float Single() => Require(5) ? BinaryPrimitives.ReadSingleLittleEndian(Take(4)) : 0;

    public ReadOnlySpan<byte> Bytes() => Require(2) ? Take(Length()) : default;

    /// <summary>The message in this field.</summary>
    public ProtobufReader Message()
    {
        Require(2);
        int length = Length();
        return new ProtobufReader(path, Take(length), start + _at - length);
    }

    public string Text()
    {
        ReadOnlySpan<byte> bytes = Bytes();
        return System.Text.Unicode.Utf8.IsValid(bytes) ? System.Text.Encoding.UTF8.GetString(bytes) : throw Wrong("text that is no UTF-8", "UTF-8");
    }

    public void Skip()
    {
        switch (_wireType)
        {
            case 0: Varint(); break;
            case 1: Take(8); break;
            case 2: Take(Length()); break;
            case 5: Take(4); break;
            default: throw Wrong($"wire type {_wireType}", "0, 1, 2 or 5");
        }
    }

    private readonly bool Require(int wireType) => _wireType == wireType ? true : throw Wrong($"wire type {_wireType}", $"{wireType} for this field");

    private int Length()
    {
        ulong length = Varint();
        return length <= (ulong)(_message.Length - _at) ? (int)length : throw Wrong($"a field of {length} bytes", $"at most {_message.Length - _at} to the end of its message");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_message.Length - _at < count)
            throw Wrong("the end of the message", $"{count} more bytes");
        _at += count;
        return _message.Slice(_at - count, count);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw Wrong("a number of more than ten bytes", "a varint");
    }

    /// <summary>The error of something wrong where the reader stands.</summary>
    public readonly InvalidInputException Wrong(string found, string expected) => new(path,
        string.Create(CultureInfo.InvariantCulture, $"byte {start + _at}"), found, expected, "Fetch the file again; it must be a SentencePiece model.");
}
