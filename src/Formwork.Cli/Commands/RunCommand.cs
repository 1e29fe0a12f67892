using System.CommandLine;
using System.CommandLine.Parsing;
using Formwork.Cli.Output;
using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;

namespace Formwork.Cli.Commands;

/// <summary>
/// <c>formwork run</c>: what a model of each architecture is for. Standard output gets what it made, and one line end; all that is said about it
/// goes to standard error.
/// </summary>
internal static class RunCommand
{
    // A search follows some beams of each, so that this fills a pass.
    private const int UsualBatch = 32;

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var loading = new ModelLoading();
        var sampling = new SamplingArguments();
        var search = new SearchArguments();
        Argument<string?> text = ModelArguments.Text("The text to continue, which may be empty; to translate; or to fill, with a mask token in it.");
        Option<int?> top = ModelArguments.Bounded(new Option<int?>("--top") { Description = "How many fillings of a mask to show; 5 unless said.", HelpName = "count" }, least: 1);
        var lines = new Option<bool>("--lines")
        {
            Description = @"Read standard input, a text a line, and write a result a line, in order: a continuation, a translation, the text with its masks filled, or the probability of each label. A line end in a result is written \n; an empty line stays empty.",
        };
        Option<int?> batch = ModelArguments.Bounded(new Option<int?>("--batch")
        {
            Description = $"With --lines: the most lines that go through the model at a time; {UsualBatch} unless said. The results do not depend on it.", HelpName = "count",
        }, least: 1);
        var command = new Command("run", "Continue a text, or translate it, or fill its masks, as the model's architecture has it.") { loading.Model, text, lines, batch };
        sampling.AddTo(command);
        search.AddTo(command);
        command.Options.Add(top);
        loading.AddTo(command);
        ModelLoading.Exclude(command, lines, search.Best);
        ModelLoading.Exclude(command, lines, top);
        command.Validators.Add(result => CheckLines(result, lines, batch, text));
        command.SetAction(parsed =>
        {
            GenerationOptions options = sampling.Read(parsed);
            using TransformerModel model = loading.Load(parsed, terminal, cancellation);
            var request = new RunRequest(parsed, options, sampling, search, parsed.GetValue(top) ?? 5, terminal, cancellation);
            if (parsed.GetValue(lines))
                Lines(model, request, loading).Run(parsed.GetValue(batch) ?? UsualBatch);
            else
                Text(model, TextInput.Read(parsed.GetValue(text), terminal, cancellation), request, loading);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void CheckLines(CommandResult result, Option<bool> lines, Option<int?> batch, Argument<string?> text)
    {
        bool asked = result.GetResult(lines) is { Implicit: false };
        if (!asked && result.GetResult(batch) is { Implicit: false })
            result.AddError("--batch says how many lines go through at a time; it needs --lines.");
        if (asked && result.GetResult(text)?.Tokens is [{ Value: not "-" }])
            result.AddError("--lines and a text exclude each other: the texts are the lines of standard input.");
    }

    private static void Text(TransformerModel model, string text, RunRequest request, ModelLoading loading)
    {
        switch (model)
        {
            case DecoderModel decoder:
                DecoderRun.Run(decoder, loading.TokenizerOf(decoder, request.Parsed), text, request);
                break;
            case EncoderDecoderModel both:
                EncoderDecoderRun.Run(both, text, request);
                break;
            default:
                EncoderRun.Run((EncoderModel)model, text, request);
                break;
        }
    }

    private static LinesRun Lines(TransformerModel model, RunRequest request, ModelLoading loading) => model switch
    {
        DecoderModel decoder => DecoderRun.Lines(decoder, loading.TokenizerOf(decoder, request.Parsed), request),
        EncoderDecoderModel both => EncoderDecoderRun.Lines(both, request),
        _ => EncoderRun.Lines((EncoderModel)model, request),
    };
}
