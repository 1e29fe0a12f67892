using System.Text.Json;
using Formwork.Runtime;

namespace Formwork.Cli.Plotting;

/// <summary>What a run's <c>metrics.jsonl</c> says: losses in nats a token, by step.</summary>
/// <param name="Name">What the run is called: its folder.</param>
/// <param name="Training">Of every step the loss without label smoothing, and the learning rate.</param>
/// <param name="Evaluation">Of every evaluation the loss.</param>
internal sealed record RunMetrics(
    string Name, IReadOnlyList<(long Step, double Loss, double LearningRate)> Training, IReadOnlyList<(long Step, double Loss)> Evaluation)
{
    /// <summary>The usual name of the file.</summary>
    public const string FileName = "metrics.jsonl";

    /// <summary>Reads what there is so far; a last line that is being written is left out, and so are losses that are no numbers.</summary>
    /// <param name="path">A run's folder, or the file itself.</param>
    /// <exception cref="InvalidInputException">There is no such file, or nothing in it yet.</exception>
    public static RunMetrics Read(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        var training = new List<(long, double, double)>();
        var evaluation = new List<(long, double)>();
        int number = 0;
        foreach (string line in Lines(file))
        {
            number++;
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                JsonElement root = document.RootElement;
                long step = root.GetProperty("step").GetInt64();
                if (Number(root, "evaluation_loss") is { } held)
                    evaluation.Add((step, held));
                else if (Number(root, "nats_per_token") is { } loss)
                    training.Add((step, loss, Number(root, "learning_rate") ?? 0));
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                // A line that was cut off when a run was killed, or is half written now.
            }
        }
        if (training.Count + evaluation.Count == 0)
        {
            throw new InvalidInputException(file, null, number == 0 ? "an empty file" : $"no losses in {number} lines",
                "a line a step, as 'formwork train' writes them", "Wait for the first step, or name another run.");
        }
        return new RunMetrics(Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))!), training, evaluation);
    }

    private static string[] Lines(string file)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(file, null, File.Exists(file) ? error.Message : "no such file", $"a run's {FileName}",
                "Name the folder of a run that 'formwork train' began.", error);
        }
    }

    private static double? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
