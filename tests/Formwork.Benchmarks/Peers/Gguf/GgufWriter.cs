using System.Runtime.InteropServices;
using System.Text;

namespace Formwork.Benchmarks.Peers.Gguf;

/// <summary>Writes GGUF version 3 files, as far as a peer's model needs them (ggml, docs/gguf.md).</summary>
public sealed class GgufWriter
{
    private const int Alignment = 32;
    private const uint Magic = 0x46554747; // GGUF
    private readonly List<(string Key, object Value)> _metadata = [];
    private readonly List<TensorEntry> _tensors = [];

    /// <summary>Writes rows <c>first</c>… of a tensor into a buffer.</summary>
    public delegate void RowSource(long first, Span<float> destination);

    /// <summary>Adds a value: <see cref="uint"/>, <see cref="float"/>, <see cref="bool"/> or <see cref="string"/>.</summary>
    public void Add(string key, object value) => _metadata.Add((key, value));

    /// <summary>Adds a matrix of <paramref name="rows"/> rows; 0 rows stand for a vector of <paramref name="columns"/>.</summary>
    public void Add(string name, int rows, int columns, GgufType type, RowSource source) => _tensors.Add(new TensorEntry(name, rows, columns, type, source));

    /// <summary>Writes the file; it appears under its name only when complete.</summary>
    public void Write(string path)
    {
        var unfinished = path + ".part";
        using (var writer = new BinaryWriter(File.Create(unfinished, 1 << 20)))
        {
            writer.Write(Magic);
            writer.Write(3u);
            writer.Write((ulong)_tensors.Count);
            writer.Write((ulong)_metadata.Count);
            foreach (var (key, value) in _metadata)
                WriteValue(writer, key, value);

            ulong offset = 0;
            foreach (var tensor in _tensors)
            {
                WriteHeader(writer, tensor, offset);
                offset += (ulong)Aligned(tensor.Bytes);
            }

            Pad(writer, writer.BaseStream.Position);
            foreach (var tensor in _tensors)
            {
                WriteNumbers(writer, tensor);
                Pad(writer, tensor.Bytes);
            }
        }

        File.Move(unfinished, path, overwrite: true);
    }

    private static void WriteValue(BinaryWriter writer, string key, object value)
    {
        WriteText(writer, key);
        switch (value)
        {
            case uint number:
                writer.Write(4u);
                writer.Write(number);
                break;
            case float number:
                writer.Write(6u);
                writer.Write(number);
                break;
            case bool flag:
                writer.Write(7u);
                writer.Write(flag);
                break;
            case string text:
                writer.Write(8u);
                WriteText(writer, text);
                break;
            default:
                throw new ArgumentException($"{value.GetType()} is not a value that is written here", nameof(value));
        }
    }

    private static void WriteHeader(BinaryWriter writer, TensorEntry tensor, ulong offset)
    {
        // Dimensions go from the innermost outwards.
        WriteText(writer, tensor.Name);
        writer.Write(tensor.Rows == 0 ? 1u : 2u);
        writer.Write((ulong)tensor.Columns);
        if (tensor.Rows != 0)
            writer.Write((ulong)tensor.Rows);
        writer.Write((uint)tensor.Type);
        writer.Write(offset);
    }

    private static void WriteNumbers(BinaryWriter writer, TensorEntry tensor)
    {
        var row = new float[tensor.Columns];
        var halves = new Half[tensor.Columns];
        for (long index = 0; index < Math.Max(tensor.Rows, 1); index++)
        {
            tensor.Source(index, row);
            if (tensor.Type == GgufType.F32)
            {
                writer.Write(MemoryMarshal.AsBytes<float>(row));
                continue;
            }

            System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(row, halves);
            writer.Write(MemoryMarshal.AsBytes<Half>(halves));
        }
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void Pad(BinaryWriter writer, long length) => writer.Write(new byte[Aligned(length) - length]);

    private static long Aligned(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private sealed record TensorEntry(string Name, int Rows, int Columns, GgufType Type, RowSource Source)
    {
        public long Bytes => (long)Math.Max(Rows, 1) * Columns * (Type == GgufType.F32 ? 4 : 2);
    }
}
