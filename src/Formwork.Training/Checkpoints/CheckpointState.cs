using System.Text.Json;
using Formwork.Runtime;

namespace Formwork.Training.Checkpoints;

/// <summary>What a run knows besides weights and moments: <c>state.json</c>.</summary>
internal sealed record CheckpointState
{
    private const int Version = 1;

    /// <summary>Steps that are done. The position in the data follows from it.</summary>
    public required long Step { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>All that the run's numbers follow from besides model and data.</summary>
    public required string Options { get; init; }

    /// <summary>What the batches follow from.</summary>
    public required string Data { get; init; }

    /// <summary>What the trained weights depend on; empty for nothing.</summary>
    public required string Base { get; init; }

    /// <summary>The least evaluation loss; null before the first evaluation.</summary>
    public double? BestLoss { get; init; }

    /// <summary>The step that had it.</summary>
    public long BestStep { get; init; }

    /// <summary>Evaluations since then.</summary>
    public int WithoutGain { get; init; }

    /// <summary>The other files.</summary>
    public IReadOnlyList<CheckpointFile> Files { get; init; } = [];

    /// <summary>As JSON.</summary>
    public byte[] ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteNumber("step", Step);
            json.WriteString("model", Model);
            json.WriteString("options", Options);
            json.WriteString("data", Data);
            json.WriteString("base", Base);
            if (BestLoss is { } loss)
                json.WriteNumber("best_loss", loss);
            json.WriteNumber("best_step", BestStep);
            json.WriteNumber("evaluations_without_gain", WithoutGain);
            json.WriteStartArray("files");
            foreach (CheckpointFile file in Files)
            {
                json.WriteStartObject();
                json.WriteString("name", file.Name);
                json.WriteNumber("bytes", file.Bytes);
                json.WriteString("sha256", file.Sha256);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    /// <summary>Reads it again.</summary>
    /// <exception cref="InvalidInputException">It is no state of a run.</exception>
    public static CheckpointState Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            if (root.GetProperty("version").GetInt32() is var version && version != Version)
                throw Fault(path, $"version {version}", null);
            return new CheckpointState
            {
                Step = root.GetProperty("step").GetInt64(),
                Model = Text(root, "model"),
                Options = Text(root, "options"),
                Data = Text(root, "data"),
                Base = Text(root, "base"),
                BestLoss = root.TryGetProperty("best_loss", out JsonElement loss) ? loss.GetDouble() : null,
                BestStep = root.GetProperty("best_step").GetInt64(),
                WithoutGain = root.GetProperty("evaluations_without_gain").GetInt32(),
                Files = [.. root.GetProperty("files").EnumerateArray().Select(file => new CheckpointFile(Text(file, "name"), file.GetProperty("bytes").GetInt64(), Text(file, "sha256")))],
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Fault(path, $"a file that is none ({error.Message})", error);
        }
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null");

    private static InvalidInputException Fault(string path, string found, Exception? inner) => new(
        path, null, found, $"a training run's state of version {Version}", CheckpointStore.DamagedRemedy, inner);
}
