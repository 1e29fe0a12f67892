using System.Text.Json;
using Formwork.Runtime.Weights;

namespace Formwork.Training.Checkpoints;

/// <summary><c>metrics.jsonl</c>: a JSON object a line, one a step and one an evaluation. A resumed run drops the lines past where it goes on.</summary>
internal sealed class MetricsFile(string path)
{
    /// <summary>Drops the lines of later steps, and one that was cut off.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void KeepUntil(long step)
    {
        if (!File.Exists(path))
            return;
        string[] lines = File.ReadAllLines(path);
        string[] kept = [.. lines.Where(line => StepOf(line) <= step)];
        string temporary = path + ".tmp";
        FileWriting.Do(() => File.WriteAllText(temporary, string.Concat(kept.Select(line => line + "\n"))));
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Adds a step.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Add(TrainingProgress progress) => Add(json =>
    {
        json.WriteNumber("step", progress.Step);
        Write(json, "loss", progress.Loss);
        Write(json, "nats_per_token", progress.NatsPerToken);
        Write(json, "learning_rate", progress.LearningRate);
        Write(json, "gradient_norm", progress.GradientNorm);
        json.WriteNumber("tokens", progress.Targets);
        Write(json, "tokens_per_second", Math.Round(progress.TokensPerSecond, 1));
    });

    /// <summary>Adds an evaluation.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Add(long step, EvaluationResult result) => Add(json =>
    {
        json.WriteNumber("step", step);
        Write(json, "evaluation_loss", result.Loss);
        Write(json, "evaluation_perplexity", result.Perplexity.Value);
        Write(json, "evaluation_accuracy", result.Accuracy);
    });

    private void Add(Action<Utf8JsonWriter> write)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        line.WriteByte((byte)'\n');
        // Opened for each line, so that a folder that vanished does not take the run with it.
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        long end = file.Seek(0, SeekOrigin.End);
        try
        {
            FileWriting.Do(() => file.Write(line.GetBuffer(), 0, (int)line.Length));
        }
        catch (IOException)
        {
            // What a full disk took of the line would spoil the next one.
            file.SetLength(end);
            throw;
        }
    }

    // JSON knows no infinity; nothing is null.
    private static void Write(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }

    private static long StepOf(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("step").GetInt64();
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return long.MaxValue;
        }
    }
}
