using System.CommandLine;
using Formwork.Cli.Compilation;
using Formwork.Cli.Output;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Models;
using Formwork.Training.Data;

namespace Formwork.Cli.Commands.Learning;

/// <summary><c>formwork eval</c>: how good a model is on texts: perplexity and accuracy, or BLEU of its translations.</summary>
internal static class EvalCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var loading = new ModelLoading();
        var data = new DataArguments();
        var search = new SearchArguments();
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Of an encoder-decoder, the file that gets the translations, a line each.", HelpName = "file",
        };
        var json = new Option<bool>("--json") { Description = "The result as a JSON object." };
        var command = new Command("eval", "Measure a model on texts: perplexity and accuracy, or BLEU of translations.") { loading.Model };
        data.AddTo(command);
        search.AddTo(command, several: false);
        foreach (Option option in new Option[] { output, json })
            command.Options.Add(option);
        loading.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(data.Data) is not { Tokens.Count: > 0 })
                result.AddError("--data is missing: the texts to measure with.");
        });
        command.SetAction(parsed =>
        {
            SpecFile file = SpecFile.Open(parsed.GetRequiredValue(loading.Model));
            ModelSpec spec = file.Check(out var findings) ?? throw new InvalidSpecException(file.Text, findings);
            bool translates = spec.Architecture == Architecture.EncoderDecoder;
            DataFiles files = data.FilesOf(parsed);
            DataKind kind = data.KindOf(parsed, spec.Architecture, files);
            if (!translates && (parsed.GetValue(output) is not null || search.Asked(parsed)))
                throw new UsageException("--output, --beams and --length-penalty are for encoder-decoder models, which translate");
            using TransformerModel model = loading.Load(parsed, terminal, cancellation, learning: !translates);
            EvaluationReport report = translates
                ? new TranslationEvaluation((EncoderDecoderModel)model, search.Read(parsed, model.Description.Generation.Beams, maxTokens: null), terminal)
                    .Measure(kind, files, data.FieldsOf(parsed, DataObjective.Translation), parsed.GetValue(output), cancellation)
                : TokenEvaluation.Measure(model, data.Read(parsed, model, kind, files), terminal, cancellation);
            terminal.Write(parsed.GetValue(json) ? report.ToJson() : report.ToText());
            return ExitCodes.Success;
        });
        return command;
    }
}
