using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;

namespace Formwork.Cli.Commands;

/// <summary>Writes a target for a source text: a translation, a summary.</summary>
internal static class EncoderDecoderRun
{
    /// <summary>By beam search as the model's authors do, or token by token where the user said how tokens are to be chosen.</summary>
    /// <exception cref="UsageException">Both were asked for.</exception>
    public static void Run(EncoderDecoderModel model, RunRequest request)
    {
        if (!request.Sampling.Asked(request.Parsed))
        {
            BeamSearchOptions search = request.Search.Read(request.Parsed, model.Description.Generation.Beams, request.Sampling.MaxTokens(request.Parsed));
            IReadOnlyList<ScoredText> found = model.TranslateBest([request.Text], search, request.Cancellation)[0];
            request.Write([.. found.Select(text => (text.Text, text.Score))]);
            return;
        }
        if (request.Search.Asked(request.Parsed))
            throw new UsageException("beam search (--beams, --length-penalty, --n-best) and options that choose single tokens exclude each other");
        GenerationOptions options = request.Sampling.WithModelsOwn(request.Parsed, request.Options, model.Description.Generation) with { EchoPrompt = false };
        request.Write(model.Generate(request.Text, options, request.Cancellation), options);
    }
}
