using System.CommandLine;
using Formwork.Cli.Output;
using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Formwork.Runtime.Tokenization;

namespace Formwork.Cli.Commands;

/// <summary><c>formwork run</c>: continues a text. Standard output gets the text alone, prompt included, and one line end.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var loading = new ModelLoading();
        var sampling = new SamplingArguments();
        Argument<string?> prompt = ModelArguments.Text("The text to continue; may be empty.");
        var command = new Command("run", "Continue a text. The text goes to standard output, everything said about it to standard error.")
        {
            loading.Model,
            prompt,
        };
        sampling.AddTo(command);
        loading.AddTo(command);
        command.SetAction(parsed =>
        {
            GenerationOptions options = sampling.Read(parsed);
            using DecoderModel model = loading.Load(parsed, terminal, cancellation);
            TextTokenizer tokenizer = loading.TokenizerOf(model, parsed);
            string text = TextInput.Read(parsed.GetValue(prompt), terminal, cancellation);
            using DecoderSession session = model.NewSession();
            Continue(new TextGenerator(session, tokenizer, model.Description.Tokenizer), text, options, terminal, cancellation);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Continue(TextGenerator generator, string prompt, GenerationOptions options, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            foreach (string piece in generator.Generate(prompt, options, cancellation))
                terminal.Write(piece);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: what was told so far stands, and ends like any other text.
        }
        terminal.Write("\n");
        terminal.Say(Summary(options));
    }

    private static string Summary(GenerationOptions options)
    {
        GenerationStatistics statistics = options.Statistics!;
        string seed = options.Sampling!.Temperature > 0 ? $"; seed {options.Sampling.Seed}" : "";
        return $"formwork: {statistics.PromptTokens} prompt tokens in {statistics.PrefillTime.TotalMilliseconds:F1} ms, "
            + $"{statistics.NewTokens} new ones at {statistics.DecodeTokensPerSecond:N0} tokens/s ({Reason(statistics.FinishReason)}){seed}";
    }

    private static string Reason(FinishReason? reason) => reason switch
    {
        FinishReason.EndToken => "the model ended",
        FinishReason.StopString => "a stop text came",
        FinishReason.Length => "as many as asked for",
        FinishReason.Context => "the context is full",
        _ => "interrupted",
    };
}
