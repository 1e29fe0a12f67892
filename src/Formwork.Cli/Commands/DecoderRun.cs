using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Formwork.Runtime.Tokenization;

namespace Formwork.Cli.Commands;

/// <summary>Continues a text.</summary>
internal static class DecoderRun
{
    /// <summary>Token by token, or by beam search where that was asked for.</summary>
    public static void Run(DecoderModel model, TextTokenizer tokenizer, string text, RunRequest request)
    {
        if (request.Search.Asked(request.Parsed))
        {
            BeamSearchOptions search = SearchOptions(model, request);
            request.Write([.. Search(model, tokenizer, [text], search, request.Cancellation)[0]]);
            return;
        }
        GenerationOptions options = request.Sampling.WithModelsOwn(request.Parsed, request.Options, model.Description.Generation);
        using DecoderSession session = model.NewSession();
        var generator = new TextGenerator(session, tokenizer, model.Description.Tokenizer, model.Description.Generation);
        request.Write(generator.Generate(text, options, request.Cancellation), options);
    }

    /// <summary>Several texts side by side, each as <see cref="Run"/> continues it.</summary>
    public static LinesRun Lines(DecoderModel model, TextTokenizer tokenizer, RunRequest request)
    {
        if (request.Search.Asked(request.Parsed))
        {
            BeamSearchOptions search = SearchOptions(model, request).Complete(model.Description.Generation, model.Description.Vocabulary);
            return new LinesRun(request, lines =>
                [.. Search(model, tokenizer, [.. lines.Select(line => line.Text)], search, request.Cancellation).Select(found => found.Select(text => text.Text).FirstOrDefault(""))]);
        }
        GenerationOptions options = request.Sampling.WithModelsOwn(request.Parsed, request.Options, model.Description.Generation);
        return new LinesRun(
            request,
            lines => model.GenerateBatch([.. lines.Select(line => line.Text)], [.. lines.Select(line => RunRequest.OfLine(options, line))], tokenizer, request.Cancellation),
            RunRequest.DrawnSeed(options));
    }

    private static BeamSearchOptions SearchOptions(DecoderModel model, RunRequest request) =>
        request.Search.Read(request.Parsed, model.Description.Generation.Beams, request.Options.MaxTokens);

    private static IEnumerable<(string Text, double Score)>[] Search(
        DecoderModel model, TextTokenizer tokenizer, IReadOnlyList<string> texts, BeamSearchOptions options, CancellationToken cancellation)
    {
        int[] begin = model.Description.Tokenizer.BeginToken is { } token ? [token] : [];
        int[][] prompts = [.. texts.Select(text => (int[])[.. begin, .. tokenizer.Encode(text)])];
        return [.. model.Search(prompts, options, cancellation).Select((found, index) =>
            found.Select(text => (tokenizer.Decode([.. prompts[index], .. text.Tokens]), text.Score)))];
    }
}
