using System.Buffers.Binary;
using Formwork.Runtime.Memory;

namespace Formwork.Runtime.Weights;

/// <summary>
/// A safetensors file, memory-mapped. Eight bytes of header length, a JSON header of names, types, shapes and offsets, then the elements,
/// little-endian. Everything the header says is checked against the file when it is opened.
/// Source: the format's description in the huggingface/safetensors README.
/// </summary>
public sealed unsafe class SafetensorsFile : Checkpoint
{
    private const int LengthBytes = 8;
    private const string Expected = "a safetensors file";

    // A span counts its bytes in an int, and a float32 span may hold more than that.
    private const int MostElements = 1 << 28;

    private readonly MappedFile _file;
    private readonly Dictionary<string, TensorInfo> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _starts = new(StringComparer.Ordinal);

    /// <summary>Maps and checks a file.</summary>
    /// <exception cref="InvalidInputException">There is no such file, or it is not sound.</exception>
    public SafetensorsFile(string path)
        : base(path)
    {
        _file = new MappedFile(path, Expected);
        try
        {
            int headerBytes = ReadHeaderLength();
            long dataStart = LengthBytes + headerBytes;
            var header = SafetensorsHeader.Parse(path, _file.Bytes(LengthBytes, headerBytes), _file.Length - dataStart);
            Metadata = header.Metadata;
            foreach (var entry in header.Entries)
            {
                _tensors.Add(entry.Tensor.Name, entry.Tensor);
                _starts.Add(entry.Tensor.Name, dataStart + entry.Begin);
            }
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors;

    /// <summary>What the header's <c>__metadata__</c> says; empty when it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _file.Dispose();

    /// <inheritdoc/>
    protected internal override void ReadElements(TensorInfo tensor, long first, Span<float> destination)
    {
        int bytes = tensor.Type.Bytes();
        while (destination.Length > MostElements)
        {
            ReadElements(tensor, first, destination[..MostElements]);
            first += MostElements;
            destination = destination[MostElements..];
        }
        TensorConversion.ToSingle(tensor.Type, _file.Bytes(_starts[tensor.Name] + first * bytes, destination.Length * bytes), destination);
    }

    /// <inheritdoc/>
    protected internal override float* Map(TensorInfo tensor)
    {
        byte* start = _file.Pointer + _starts[tensor.Name];
        return tensor.Type == TensorType.F32 && (nuint)start % sizeof(float) == 0 ? (float*)start : null;
    }

    private int ReadHeaderLength()
    {
        ForeignFormat.Refuse(Path, _file.Bytes(0, (int)Math.Min(_file.Length, 64)), Expected);
        if (_file.Length < LengthBytes)
            throw new InvalidInputException(Path, null, $"{_file.Length} bytes", $"at least {LengthBytes}, the header's length", SafetensorsHeader.DownloadAgain);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(_file.Bytes(0, LengthBytes));
        if (length > SafetensorsHeader.MostBytes)
            throw new InvalidInputException(Path, "header", $"a header length of {length} bytes", $"at most {SafetensorsHeader.MostBytes}",
                "This is not a safetensors file, or its start is damaged; " + SafetensorsHeader.DownloadAgain);
        if (length > (ulong)(_file.Length - LengthBytes))
            throw new InvalidInputException(Path, "header", $"a header length of {length} bytes in a file of {_file.Length}", $"at most {_file.Length - LengthBytes}",
                "The file is truncated inside its header; " + SafetensorsHeader.DownloadAgain);
        return (int)length;
    }
}
