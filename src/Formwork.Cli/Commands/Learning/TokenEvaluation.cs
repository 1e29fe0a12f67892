using System.Globalization;
using System.IO.Compression;
using Formwork.Cli.Output;
using Formwork.Runtime.Models;
using Formwork.Training;
using Formwork.Training.Data;
using Formwork.Training.Schedules;

namespace Formwork.Cli.Commands.Learning;

/// <summary>How well a model foretells: the next token, a masked one, or a text's label.</summary>
internal static class TokenEvaluation
{
    /// <summary>Measures loss, perplexity and accuracy; of a long text also bits a byte.</summary>
    /// <exception cref="Formwork.Runtime.InvalidInputException">The data cannot be used.</exception>
    public static EvaluationReport Measure(TransformerModel model, DataOptions data, Terminal terminal, CancellationToken cancellation)
    {
        using DataSource source = terminal.During("Reading the texts", () => DataSource.OpenToEvaluate(data));
        // A trainer that never steps: its optimizer's memory is not touched.
        using var trainer = new Trainer(model, source, new TrainingOptions { Steps = 1, LearningRate = new ConstantSchedule(1) });
        EvaluationResult result = terminal.During("Evaluating", () => trainer.Evaluate(cancellation));
        if (source.Validation is { Empty: var empty, TooLong: var tooLong } && empty + tooLong > 0)
            terminal.Say($"formwork: {empty} empty texts and {tooLong} too long ones were left out");

        string what = data.Objective switch { DataObjective.Causal => "token", DataObjective.Labels => "label", _ => "masked token" };
        var report = new EvaluationReport();
        report.Add("loss", result.Loss, Text($"loss {result.Loss:F4} nats a {what}"));
        report.Add("perplexity", result.Perplexity.Value, Text($"perplexity {result.Perplexity.Value:F4}"));
        report.Add("accuracy", result.Accuracy, Text($"accuracy {result.Accuracy * 100:F2} % of {result.Perplexity.Tokens} {what}s"));
        report.Add("tokens", result.Perplexity.Tokens, null);
        if (data.Kind == DataKind.Stream && !data.Training.Texts.Any(path => path.EndsWith(".tokens", StringComparison.OrdinalIgnoreCase)))
        {
            double bits = result.Perplexity.BitsPerByte(data.Training.Texts.Sum(Bytes));
            report.Add("bits_per_byte", bits, Text($"{bits:F4} bits a byte"));
        }
        return report;
    }

    private static long Bytes(string path)
    {
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            return new FileInfo(path).Length;
        using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        var buffer = new byte[1 << 16];
        long bytes = 0;
        for (int read; (read = packed.Read(buffer)) > 0;)
            bytes += read;
        return bytes;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
