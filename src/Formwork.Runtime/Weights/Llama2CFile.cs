using System.Buffers.Binary;
using Formwork.Runtime.Memory;

namespace Formwork.Runtime.Weights;

/// <summary>
/// A llama2.c checkpoint in its first ("legacy") format, memory-mapped: seven int32 (width, feed-forward width, layers, heads, key/value
/// heads, vocabulary (negative when the unembedding is not tied), context), then float32 tensors in a fixed order, each kind for all layers
/// at once. It shows itself under the names and in the order of a Hugging Face Llama checkpoint: the query and key rows, which it stores in
/// interleaved rotary pairing (2i, 2i + 1), are read in half pairing (i, i + n/2).
/// Source: karpathy/llama2.c, run.c (<c>memory_map_weights</c>) and export.py (<c>legacy_export</c>).
/// </summary>
public sealed unsafe class Llama2CFile : Checkpoint
{
    private const string Expected = "a llama2.c checkpoint (legacy .bin)";

    private readonly MappedFile _file;
    private readonly Llama2CHeader _header;
    private readonly Dictionary<string, TensorInfo> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <summary>Maps and checks a file.</summary>
    /// <exception cref="InvalidInputException">There is no such file, or it is not sound.</exception>
    public Llama2CFile(string path)
        : base(path)
    {
        _file = new MappedFile(path, Expected);
        try
        {
            ForeignFormat.Refuse(path, _file.Bytes(0, (int)Math.Min(_file.Length, 64)), Expected);
            _header = Llama2CHeader.Read(path, _file.Bytes(0, (int)Math.Min(_file.Length, Llama2CHeader.Bytes)), _file.Length);
            AddTensors();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Where a tensor starts, in bytes, and whether its rows are permuted.</summary>
    private readonly record struct Place(long Start, bool Permuted);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors;

    /// <summary>Heads, which the tensors' shapes do not tell.</summary>
    public int Heads => _header.Heads;

    /// <summary>Context: tokens that the model was trained on at once.</summary>
    public int Context => _header.Context;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _file.Dispose();

    /// <inheritdoc/>
    protected internal override void ReadElements(TensorInfo tensor, long first, Span<float> destination)
    {
        var place = _places[tensor.Name];
        if (!place.Permuted)
        {
            ReadStored(place.Start + first * sizeof(float), destination);
            return;
        }
        int columns = _header.Width;
        while (destination.Length > 0)
        {
            long row = first / columns, column = first % columns;
            int count = (int)Math.Min(columns - column, destination.Length);
            ReadStored(place.Start + (StoredRow(row) * columns + column) * sizeof(float), destination[..count]);
            first += count;
            destination = destination[count..];
        }
    }

    /// <inheritdoc/>
    protected internal override float* Map(TensorInfo tensor)
    {
        byte* start = _file.Pointer + _places[tensor.Name].Start;
        return _places[tensor.Name].Permuted ? null : (float*)start;
    }

    /// <summary>Whether the file's size is what its first bytes say, so that it can be nothing else.</summary>
    internal static bool Fits(string path)
    {
        using var file = new MappedFile(path, Expected);
        return file.Length > Llama2CHeader.Bytes && Llama2CHeader.Fits(file.Bytes(0, Llama2CHeader.Bytes), file.Length);
    }

    private void ReadStored(long start, Span<float> destination) => new ReadOnlySpan<float>(_file.Pointer + start, destination.Length).CopyTo(destination);

    // Row i of the first half of a head is the even one of pair i, row i of the second half the odd one.
    private long StoredRow(long row)
    {
        long inHead = row % _header.HeadWidth, half = _header.HeadWidth / 2;
        return row - inHead + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
    }

    private void AddTensors()
    {
        long start = Llama2CHeader.Bytes;
        foreach (var tensor in _header.Tensors())
        {
            int copies = tensor.PerLayer ? _header.Layers : 1;
            for (int layer = 0; layer < copies; layer++)
            {
                if (tensor.Name is not null)
                {
                    string name = string.Format(System.Globalization.CultureInfo.InvariantCulture, tensor.Name, layer);
                    _tensors.Add(name, new TensorInfo(name, TensorType.F32, tensor.Shape));
                    _places.Add(name, new Place(start, tensor.Permuted));
                }
                start += tensor.Count * sizeof(float);
            }
        }
    }
}
