using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;

namespace Formwork.Cli.Commands;

/// <summary>Writes a target for a source text: a translation, a summary.</summary>
internal static class EncoderDecoderRun
{
    /// <summary>By beam search as the model's authors do, or token by token where the user said how tokens are to be chosen.</summary>
    /// <exception cref="UsageException">Both were asked for.</exception>
    public static void Run(EncoderDecoderModel model, string text, RunRequest request)
    {
        if (!request.Sampling.Asked(request.Parsed))
        {
            IReadOnlyList<ScoredText> found = model.TranslateBest([text], SearchOptions(model, request), request.Cancellation)[0];
            request.Write([.. found.Select(target => (target.Text, target.Score))]);
            return;
        }
        GenerationOptions options = ChoiceOptions(model, request);
        request.Write(model.Generate(text, options, request.Cancellation), options);
    }

    /// <summary>Several sources side by side, for each what <see cref="Run"/> writes.</summary>
    /// <exception cref="UsageException">A search and the choice of single tokens were asked for.</exception>
    public static LinesRun Lines(EncoderDecoderModel model, RunRequest request)
    {
        if (!request.Sampling.Asked(request.Parsed))
        {
            BeamSearchOptions search = SearchOptions(model, request).Complete(model.Description.Generation, model.Description.Vocabulary);
            return new LinesRun(request, lines =>
                [.. model.TranslateBest([.. lines.Select(line => line.Text)], search, request.Cancellation).Select(found => found.Count == 0 ? "" : found[0].Text)]);
        }
        GenerationOptions options = ChoiceOptions(model, request);
        return new LinesRun(
            request,
            lines => model.GenerateBatch([.. lines.Select(line => line.Text)], [.. lines.Select(line => RunRequest.OfLine(options, line))], request.Cancellation),
            RunRequest.DrawnSeed(options));
    }

    private static BeamSearchOptions SearchOptions(EncoderDecoderModel model, RunRequest request) =>
        request.Search.Read(request.Parsed, model.Description.Generation.Beams, request.Sampling.MaxTokens(request.Parsed));

    private static GenerationOptions ChoiceOptions(EncoderDecoderModel model, RunRequest request)
    {
        if (request.Search.Asked(request.Parsed))
            throw new UsageException("beam search (--beams, --length-penalty, --n-best) and options that choose single tokens exclude each other");
        return request.Sampling.WithModelsOwn(request.Parsed, request.Options, model.Description.Generation) with { EchoPrompt = false };
    }
}
