using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Formwork.Runtime.Tokenization;

namespace Formwork.Cli.Commands;

/// <summary>Continues a text.</summary>
internal static class DecoderRun
{
    /// <summary>Token by token, or by beam search where that was asked for.</summary>
    public static void Run(DecoderModel model, TextTokenizer tokenizer, RunRequest request)
    {
        if (request.Search.Asked(request.Parsed))
        {
            Search(model, tokenizer, request);
            return;
        }
        GenerationOptions options = request.Sampling.WithModelsOwn(request.Parsed, request.Options, model.Description.Generation);
        using DecoderSession session = model.NewSession();
        var generator = new TextGenerator(session, tokenizer, model.Description.Tokenizer, model.Description.Generation);
        request.Write(generator.Generate(request.Text, options, request.Cancellation), options);
    }

    private static void Search(DecoderModel model, TextTokenizer tokenizer, RunRequest request)
    {
        int[] prompt = [.. model.Description.Tokenizer.BeginToken is { } begin ? new[] { begin } : [], .. tokenizer.Encode(request.Text)];
        BeamSearchOptions options = request.Search.Read(request.Parsed, model.Description.Generation.Beams, request.Options.MaxTokens);
        IReadOnlyList<Hypothesis> found = model.Search([prompt], options, request.Cancellation)[0];
        request.Write([.. found.Select(text => (tokenizer.Decode([.. prompt, .. text.Tokens]), text.Score))]);
    }
}
