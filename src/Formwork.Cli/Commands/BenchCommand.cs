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
            using TransformerModel model = loading.Load(parsed, terminal, cancellation);
            var work = new Work(parsed.GetRequiredValue(prompt)!.Value, parsed.GetRequiredValue(tokens)!.Value, parsed.GetRequiredValue(repetitions)!.Value);
            switch (model)
            {
                case DecoderModel decoder:
                    using (DecoderSession session = decoder.NewSession())
                        Measure(model, work, prompt => Once(session, prompt, work.NewTokens, cancellation), terminal, cancellation);
                    break;
                case EncoderDecoderModel both:
                    Measure(model, work, source => Once(both, source, work.NewTokens, cancellation), terminal, cancellation);
                    break;
                default:
                    var encoder = (EncoderModel)model;
                    Measure(model, work with { NewTokens = 0 }, text => (Timed(() => encoder.Encode(text)), 0), terminal, cancellation);
                    break;
            }
            return ExitCodes.Success;
        });
        return command;
    }

    private static Option<int?> Count(string name, string what, int usual) => ModelArguments.Bounded(
        new Option<int?>(name) { Description = what + ".", DefaultValueFactory = _ => usual, HelpName = "count" }, least: 1);

    private static void Measure(
        TransformerModel model, Work work, Func<int[], (double Prefill, double Decode)> once, Terminal terminal, CancellationToken cancellation)
    {
        ModelDescription description = model.Description;
        RequireRoom(model, work);
        int vocabulary = model is EncoderDecoderModel both ? both.SourceVocabulary : description.Vocabulary;
        int[] prompt = [.. Enumerable.Range(0, work.PromptTokens).Select(index => (int)((index * 7919L + 1) % vocabulary))];
        var prefill = new double[work.Repetitions];
        var decode = new double[work.Repetitions];
        // The first time is for the JIT.
        for (int repetition = -1; repetition < work.Repetitions; repetition++)
        {
            cancellation.ThrowIfCancellationRequested();
            (double prefillSeconds, double decodeSeconds) = once(prompt);
            if (repetition < 0)
                continue;
            prefill[repetition] = prefillSeconds;
            decode[repetition] = decodeSeconds;
            terminal.Explain(string.Create(CultureInfo.InvariantCulture,
                $"repetition {repetition + 1}: prefill {prefillSeconds * 1e3:F1} ms, decode {decodeSeconds * 1e3:F1} ms"));
        }
        Show(model, work, Median(prefill), Median(decode), terminal);
    }

    private static void RequireRoom(TransformerModel model, Work work)
    {
        if (model.Description.VectorInput)
            throw new InvalidInputException(model.Description.Name, "input", "vectors", "tokens", "What it costs, 'formwork inspect' shows.");
        (int prompt, int all) = model is EncoderDecoderModel both ? (both.SourceContext, model.Description.Context) : (model.Description.Context, model.Description.Context);
        int asked = model is EncoderDecoderModel ? work.NewTokens + 1 : work.PromptTokens + work.NewTokens;
        if (work.PromptTokens > prompt || asked > all)
        {
            throw new InvalidInputException("--prompt-tokens and --new-tokens", null, $"{work.PromptTokens} and {work.NewTokens}",
                model is EncoderDecoderModel ? $"at most {prompt} and {all - 1}" : $"at most {all} together, the model's context", "Ask for fewer.");
        }
    }

    // A source once, then one token after the other of a target.
    private static (double Prefill, double Decode) Once(EncoderDecoderModel model, int[] source, int newTokens, CancellationToken cancellation)
    {
        SourceMemory? memory = null;
        double prefill = Timed(() => memory = model.Encode(source));
        using (memory)
        using (DecoderSession session = model.NewSession(memory!))
        {
            double decode = Timed(() =>
            {
                for (int token = 0; token < newTokens; token++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    session.Prefill([token % model.Description.Vocabulary]);
                }
            });
            return (prefill, decode);
        }
    }

    private static double Timed(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
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

    private static void Show(TransformerModel model, Work work, double prefill, double decode, Terminal terminal)
    {
        ModelDescription description = model.Description;
        string first = model is DecoderModel ? "prefill" : "encode";
        double prefillRate = work.PromptTokens / prefill, decodeRate = work.NewTokens / decode;
        double weightBytes = description.Parameters * (double)sizeof(float);
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumns("", "tokens", "ms", "tokens/s", "GFLOP/s", "weights GB/s");
        foreach (TableColumn column in table.Columns.Skip(1))
            column.RightAligned();
        // Where there are two stacks, the description's operations are those of both and no row's.
        bool oneStack = model is not EncoderDecoderModel;
        string Operations(double rate) => oneStack ? Number(rate * description.FlopsPerToken / 1e9) : "";
        table.AddRow(first, $"{work.PromptTokens}", Number(prefill * 1e3), Number(prefillRate), Operations(prefillRate), "");
        if (work.NewTokens > 0)
        {
            table.AddRow("decode", $"{work.NewTokens}", Number(decode * 1e3), Number(decodeRate), Operations(decodeRate),
                oneStack ? Number(decodeRate * weightBytes / 1e9) : "");
        }
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
