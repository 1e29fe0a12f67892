using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Formwork.Cli.Output;
using Formwork.Runtime;
using Formwork.Runtime.Models;
using Spectre.Console;

namespace Formwork.Cli.Commands;

/// <summary><c>formwork bench</c>: how fast a model takes a prompt and makes tokens, here and now.</summary>
internal static class BenchCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var loading = new ModelLoading();
        Option<int?> prompt = Count("--prompt-tokens", "Tokens of the prompt", 128);
        Option<int?> tokens = Count("--new-tokens", "Tokens made one by one after it", 64);
        Option<int?> repetitions = Count("--repetitions", "How often; the median counts", 5);
        var command = new Command("bench", "Measure a model: tokens a second of a prompt and of one-token steps.") { loading.Model, prompt, tokens, repetitions };
        loading.AddTo(command);
        command.SetAction(parsed =>
        {
            using DecoderModel model = loading.Load<DecoderModel>("a decoder-only model", parsed, terminal, cancellation);
            var work = new Work(parsed.GetRequiredValue(prompt)!.Value, parsed.GetRequiredValue(tokens)!.Value, parsed.GetRequiredValue(repetitions)!.Value);
            Measure(model, work, terminal, cancellation);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Option<int?> Count(string name, string what, int usual) => ModelArguments.Bounded(
        new Option<int?>(name) { Description = what + ".", DefaultValueFactory = _ => usual, HelpName = "count" }, least: 1);

    private static void Measure(DecoderModel model, Work work, Terminal terminal, CancellationToken cancellation)
    {
        ModelDescription description = model.Description;
        if (work.PromptTokens + work.NewTokens > description.Context)
        {
            throw new InvalidInputException("--prompt-tokens and --new-tokens", null, $"{work.PromptTokens} and {work.NewTokens}",
                $"at most {description.Context} together, the model's context", "Ask for fewer.");
        }
        int[] prompt = [.. Enumerable.Range(0, work.PromptTokens).Select(index => (int)((index * 7919L + 1) % description.Vocabulary))];
        using DecoderSession session = model.NewSession();
        var prefill = new double[work.Repetitions];
        var decode = new double[work.Repetitions];
        // The first time is for the JIT.
        for (int repetition = -1; repetition < work.Repetitions; repetition++)
        {
            cancellation.ThrowIfCancellationRequested();
            (double prefillSeconds, double decodeSeconds) = Once(session, prompt, work.NewTokens, cancellation);
            if (repetition < 0)
                continue;
            prefill[repetition] = prefillSeconds;
            decode[repetition] = decodeSeconds;
            terminal.Explain(string.Create(CultureInfo.InvariantCulture,
                $"repetition {repetition + 1}: prefill {prefillSeconds * 1e3:F1} ms, decode {decodeSeconds * 1e3:F1} ms"));
        }
        Show(model, work, Median(prefill), Median(decode), terminal);
    }

    private static (double Prefill, double Decode) Once(DecoderSession session, int[] prompt, int newTokens, CancellationToken cancellation)
    {
        session.Reset();
        long start = Stopwatch.GetTimestamp();
        session.Prefill(prompt);
        double prefill = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        for (int token = 0; token < newTokens; token++)
        {
            cancellation.ThrowIfCancellationRequested();
            session.Step(prompt[token % prompt.Length]);
        }
        return (prefill, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static void Show(DecoderModel model, Work work, double prefill, double decode, Terminal terminal)
    {
        ModelDescription description = model.Description;
        double prefillRate = work.PromptTokens / prefill, decodeRate = work.NewTokens / decode;
        double weightBytes = description.Parameters * (double)sizeof(float);
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumns("", "tokens", "ms", "tokens/s", "GFLOP/s", "weights GB/s");
        foreach (TableColumn column in table.Columns.Skip(1))
            column.RightAligned();
        table.AddRow("prefill", $"{work.PromptTokens}", Number(prefill * 1e3), Number(prefillRate), Number(prefillRate * description.FlopsPerToken / 1e9), "");
        table.AddRow("decode", $"{work.NewTokens}", Number(decode * 1e3), Number(decodeRate), Number(decodeRate * description.FlopsPerToken / 1e9),
            Number(decodeRate * weightBytes / 1e9));
        terminal.Tables.Write(table);
        terminal.Say($"formwork: {description.Name}, {description.Parameters:N0} parameters, {model.Threads} threads, median of {work.Repetitions}; "
            + "a token's attention over earlier ones is not in the GFLOP/s");
    }

    private static string Number(double value) => value.ToString(value < 100 ? "F2" : "N0", CultureInfo.InvariantCulture);

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private sealed record Work(int PromptTokens, int NewTokens, int Repetitions);
}
