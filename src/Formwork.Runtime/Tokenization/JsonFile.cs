using System.Text.Json;

namespace Formwork.Runtime.Tokenization;

/// <summary>A JSON file read leniently by System.Text.Json and strictly here: every value is asked for with its path, which the message has.</summary>
internal sealed class JsonFile : IDisposable
{
    private readonly JsonDocument _document;

    private JsonFile(string path, JsonDocument document)
    {
        Path = path;
        _document = document;
    }

    public string Path { get; }

    public JsonValue Root => new(this, _document.RootElement, "$");

    public static JsonFile Open(string path)
    {
        ReadOnlyMemory<byte> bytes = TokenizerFile.Read(path);
        if (bytes.Span.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        try
        {
            return new JsonFile(path, JsonDocument.Parse(bytes));
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(path, $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1} of it",
                "broken JSON", "a whole JSON document", exception.Message, exception);
        }
    }

    public void Dispose() => _document.Dispose();
}
