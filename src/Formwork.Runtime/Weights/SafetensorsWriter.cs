using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Formwork.Runtime.Weights;

/// <summary>Writes safetensors files.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;
    private const int BlockElements = 1 << 16;

    /// <summary>
    /// Writes tensors in the given order. The file appears under its name only when it is whole: it is written beside it and then moved,
    /// over an older one if there is one.
    /// </summary>
    /// <param name="path">The file to make or to replace.</param>
    /// <param name="tensors">Names, shapes and values; a shape's product is the number of its values.</param>
    /// <param name="type">How to store them: <see cref="TensorType.F32"/>, or rounded to <see cref="TensorType.F16"/> or <see cref="TensorType.BF16"/>.</param>
    /// <param name="metadata">What the header's <c>__metadata__</c> shall say; null for none.</param>
    /// <exception cref="ArgumentException">A shape does not fit its values, a name comes twice, or the type cannot be written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path,
        IEnumerable<(string Name, int[] Shape, float[] Values)> tensors,
        TensorType type = TensorType.F32,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireWritable(type);
        var list = tensors.ToArray();
        var infos = list.Select(tensor => new TensorInfo(tensor.Name, type, Array.ConvertAll(tensor.Shape, size => (long)size))).ToArray();
        foreach (var (name, shape, values) in list)
        {
            if (shape.Any(size => size < 0) || shape.Aggregate((Int128)1, (product, size) => product * size) != values.Length)
                throw new ArgumentException($"{name}: shape {TensorInfo.Text(shape.Select(size => (long)size))} for {values.Length} values.", nameof(tensors));
        }
        WriteFile(path, Header(infos, metadata), file =>
        {
            foreach (var tensor in list)
                WriteValues(file, tensor.Values, type);
        });
    }

    /// <summary>Writes all tensors of a checkpoint, a block at a time, so that no tensor is ever whole in memory; whole or not at all, as above.</summary>
    /// <param name="path">The file to make or to replace.</param>
    /// <param name="source">Where the tensors are read.</param>
    /// <param name="type">How to store them: <see cref="TensorType.F32"/>, or rounded to <see cref="TensorType.F16"/> or <see cref="TensorType.BF16"/>.</param>
    /// <param name="metadata">What the header's <c>__metadata__</c> shall say; null for none.</param>
    /// <exception cref="ArgumentException">The type cannot be written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Checkpoint source, TensorType type = TensorType.F32, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(source);
        RequireWritable(type);
        WriteFile(path, Header([.. source.Tensors.Values.Select(tensor => tensor with { Type = type })], metadata), file =>
        {
            var block = new float[BlockElements];
            foreach (TensorInfo tensor in source.Tensors.Values)
            {
                for (long first = 0; first < tensor.Count; first += block.Length)
                {
                    Span<float> values = block.AsSpan(0, (int)Math.Min(block.Length, tensor.Count - first));
                    source.ReadElements(tensor, first, values);
                    WriteValues(file, values, type);
                }
            }
        });
    }

    private static void RequireWritable(TensorType type)
    {
        if (!type.CanBeRead())
            throw new ArgumentException($"{type.Name()} is not a type of weights.", nameof(type));
    }

    private static void WriteFile(string path, byte[] header, Action<FileStream> write)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            FileWriting.Do(() =>
            {
                using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write);
                file.Write(header);
                write(file);
                file.Flush(flushToDisk: true);
            });
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static byte[] Header(TensorInfo[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // Room for the header's length, which is known at the end.
        buffer.GetSpan(sizeof(ulong))[..sizeof(ulong)].Clear();
        buffer.Advance(sizeof(ulong));
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
                WriteMetadata(json, metadata);
            long begin = 0;
            var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
            foreach (TensorInfo tensor in tensors)
            {
                if (!names.Add(tensor.Name))
                    throw new ArgumentException($"The name {tensor.Name} is taken.", nameof(tensors));
                long end = begin + tensor.Count * tensor.Type.Bytes();
                WriteEntry(json, tensor, begin, end);
                begin = end;
            }
            json.WriteEndObject();
        }
        int padding = (Alignment - buffer.WrittenCount % Alignment) % Alignment;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        byte[] header = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - sizeof(ulong));
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject("__metadata__");
        foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, TensorInfo tensor, long begin, long end)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.Name());
        json.WriteStartArray("shape");
        foreach (long size in tensor.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteValues(FileStream file, ReadOnlySpan<float> values, TensorType type)
    {
        var block = new byte[Math.Min(values.Length, BlockElements) * type.Bytes()];
        while (!values.IsEmpty)
        {
            int count = Math.Min(values.Length, BlockElements);
            var bytes = block.AsSpan(0, count * type.Bytes());
            TensorConversion.FromSingle(type, values[..count], bytes);
            file.Write(bytes);
            values = values[count..];
        }
    }
}
