using System.Text.Json;

namespace Formwork.Runtime.Weights;

/// <summary>The JSON header of a safetensors file, read and checked without believing any of its numbers.</summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The longest header that the format's own library accepts.</summary>
    public const int MostBytes = 100_000_000;

    public const string DownloadAgain = "Download or save it again.";

    // Writers may pad tensors to a page; a longer gap means that the header does not describe the file.
    private const int PaddingBytes = 4096;

    private readonly string _path;
    private readonly long _dataBytes;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    private SafetensorsHeader(string path, long dataBytes) => (_path, _dataBytes) = (path, dataBytes);

    /// <summary>One tensor and where its bytes lie, counted from the header's end.</summary>
    public readonly record struct Entry(TensorInfo Tensor, long Begin, long End);

    public List<Entry> Entries { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a header that <paramref name="dataBytes"/> bytes of elements follow.</summary>
    public static SafetensorsHeader Parse(string path, ReadOnlySpan<byte> json, long dataBytes)
    {
        var header = new SafetensorsHeader(path, dataBytes);
        try
        {
            var reader = new Utf8JsonReader(json);
            header.Read(ref reader);
        }
        // InvalidOperationException is how the reader says that a string is not UTF-8.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidInputException(path, "header", $"text that is not JSON ({error.Message})", "a JSON object of tensors", DownloadAgain, error);
        }
        header.CheckOrder();
        return header;
    }

    private void Read(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, "header");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!_names.Add(name))
                throw Bad(name, "two tensors of this name", "one");
            if (name == "__metadata__")
                ReadMetadata(ref reader);
            else
                ReadTensor(ref reader, name);
        }
        // Only white space may follow; anything else makes this throw.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, "__metadata__");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String, "__metadata__");
            Metadata[key] = reader.GetString()!;
        }
    }

    private void ReadTensor(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        List<long>? shape = null, offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, name);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            switch (reader.GetString())
            {
                case "dtype":
                    Expect(ref reader, JsonTokenType.String, name);
                    type = reader.GetString();
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader, name, "shape");
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref reader, name, "data_offsets");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        Add(name, type ?? throw NoKey(name, "dtype"), shape ?? throw NoKey(name, "shape"), offsets ?? throw NoKey(name, "data_offsets"));
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string key)
    {
        var numbers = new List<long>();
        Expect(ref reader, JsonTokenType.StartArray, name);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw Bad(name, $"`{Raw(ref reader)}` in {key}", "whole numbers that are not negative");
            numbers.Add(number);
        }
        return numbers;
    }

    private void Add(string name, string typeName, List<long> shape, List<long> offsets)
    {
        if (TensorTypes.Find(typeName) is not { } type)
            throw new InvalidInputException(_path, name, $"the unknown element type `{typeName}`", "one of " + TensorTypes.Known, "Save the weights as F32, F16 or BF16.");
        if (offsets is not [long begin, long end] || begin > end)
            throw Bad(name, $"data_offsets {TensorInfo.Text(offsets)}", "a start and an end that is not before it");
        if (Bytes(shape, type) is not { } bytes)
            throw Bad(name, $"the shape {TensorInfo.Text(shape)}, which no file can hold", $"{end - begin} bytes, as its offsets say");
        if (bytes != end - begin)
            throw Bad(name, $"{end - begin} bytes between its offsets {TensorInfo.Text(offsets)}", $"{bytes}, for shape {TensorInfo.Text(shape)} of {typeName}");
        if (end > _dataBytes)
            throw new InvalidInputException(_path, name, $"{_dataBytes} bytes after the header", $"at least {end}, where this tensor ends",
                "The file is truncated; " + DownloadAgain);
        Entries.Add(new Entry(new TensorInfo(name, type, shape), begin, end));
    }

    private static long? Bytes(List<long> shape, TensorType type)
    {
        if (shape.Contains(0))
            return 0;
        Int128 bytes = type.Bytes();
        foreach (long size in shape)
            if ((bytes *= size) > long.MaxValue)
                return null;
        return (long)bytes;
    }

    private void CheckOrder()
    {
        (string? Name, long End) last = (null, 0);
        foreach (var entry in Entries.Where(entry => entry.End > entry.Begin).OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin < last.End)
                throw Bad(entry.Tensor.Name, $"its first byte at {entry.Begin}, inside `{last.Name}`, which ends at {last.End}", "tensors that do not overlap");
            CheckGap(entry.Tensor.Name, last.End, entry.Begin);
            last = (entry.Tensor.Name, entry.End);
        }
        CheckGap(last.Name ?? "header", last.End, _dataBytes);
    }

    private void CheckGap(string place, long from, long to)
    {
        if (to - from >= PaddingBytes)
            throw Bad(place, $"{to - from} bytes at offset {from} that belong to no tensor", "tensors that cover the file");
    }

    private void Expect(ref Utf8JsonReader reader, JsonTokenType expected, string place)
    {
        if (!reader.Read() || reader.TokenType != expected)
            throw Bad(place, reader.TokenType == JsonTokenType.None ? "nothing" : $"`{Raw(ref reader)}`", expected switch
            {
                JsonTokenType.StartObject => "an object",
                JsonTokenType.StartArray => "a list",
                _ => "a string",
            });
    }

    private static string Raw(ref Utf8JsonReader reader)
    {
        var text = System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        return text.Length <= 40 ? text : text[..40] + "…";
    }

    private InvalidInputException NoKey(string name, string key) => Bad(name, $"no `{key}`", "dtype, shape and data_offsets");

    private InvalidInputException Bad(string place, string found, string expected) =>
        new(_path, place, found, expected, "The file is damaged; " + DownloadAgain);
}
