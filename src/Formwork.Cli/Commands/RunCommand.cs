using System.CommandLine;
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
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var loading = new ModelLoading();
        var sampling = new SamplingArguments();
        var search = new SearchArguments();
        Argument<string?> text = ModelArguments.Text("The text to continue, which may be empty; to translate; or to fill, with a mask token in it.");
        Option<int?> top = ModelArguments.Bounded(new Option<int?>("--top") { Description = "How many fillings of a mask to show; 5 unless said.", HelpName = "count" }, least: 1);
        var command = new Command("run", "Continue a text, or translate it, or fill its masks, as the model's architecture has it.") { loading.Model, text };
        sampling.AddTo(command);
        search.AddTo(command);
        command.Options.Add(top);
        loading.AddTo(command);
        command.SetAction(parsed =>
        {
            GenerationOptions options = sampling.Read(parsed);
            using TransformerModel model = loading.Load(parsed, terminal, cancellation);
            string input = TextInput.Read(parsed.GetValue(text), terminal, cancellation);
            var request = new RunRequest(parsed, input, options, sampling, search, parsed.GetValue(top) ?? 5, terminal, cancellation);
            switch (model)
            {
                case DecoderModel decoder:
                    DecoderRun.Run(decoder, loading.TokenizerOf(decoder, parsed), request);
                    break;
                case EncoderDecoderModel both:
                    EncoderDecoderRun.Run(both, request);
                    break;
                default:
                    EncoderRun.Run((EncoderModel)model, request);
                    break;
            }
            return ExitCodes.Success;
        });
        return command;
    }
}
