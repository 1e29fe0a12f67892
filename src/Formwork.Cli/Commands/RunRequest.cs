using System.CommandLine;
using Formwork.Cli.Output;
using Formwork.Runtime.Generation;

namespace Formwork.Cli.Commands;

/// <summary>What <c>formwork run</c> was asked for, whatever the model.</summary>
internal sealed record RunRequest(
    ParseResult Parsed,
    GenerationOptions Options,
    SamplingArguments Sampling,
    SearchArguments Search,
    int Top,
    Terminal Terminal,
    CancellationToken Cancellation)
{
    /// <summary>Writes pieces of text as they come, a line end, and what there is to say about them.</summary>
    public void Write(IEnumerable<string> pieces, GenerationOptions options)
    {
        try
        {
            foreach (string piece in pieces)
                Terminal.Write(piece);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: what was told so far stands, and ends like any other text.
        }
        Terminal.Write("\n");
        Terminal.Say(Summary(options));
    }

    /// <summary>Writes the texts of a search: the best alone, or each on a line with its score.</summary>
    public void Write(IReadOnlyList<(string Text, double Score)> texts)
    {
        if (!Search.Several(Parsed))
        {
            Terminal.Write(texts.Select(found => found.Text).FirstOrDefault() + "\n");
            return;
        }
        foreach ((string text, double score) in texts)
            Terminal.Write(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{score:F4}\t{text}\n"));
    }

    /// <summary>The options for one of many lines: each draws numbers of its own, the first those of a run with its text alone.</summary>
    public static GenerationOptions OfLine(GenerationOptions options, InputLine line) => options with
    {
        Sampling = options.Sampling! with { Seed = SeedOf(options.Sampling.Seed!.Value, line.Number - 1) },
        Statistics = null,
    };

    /// <summary>The seed of a text that is drawn; null where the likeliest token is taken.</summary>
    public static int? DrawnSeed(GenerationOptions options) => options.Sampling is { Temperature: > 0, Seed: { } seed } ? seed : null;

    /// <summary>What there is to say about a text that was generated.</summary>
    public static string Summary(GenerationOptions options)
    {
        GenerationStatistics statistics = options.Statistics!;
        string seed = DrawnSeed(options) is { } number ? $"; seed {number}" : "";
        return $"formwork: {statistics.PromptTokens} prompt tokens in {statistics.PrefillTime.TotalMilliseconds:F1} ms, "
            + $"{statistics.NewTokens} new ones at {statistics.DecodeTokensPerSecond:N0} tokens/s ({Reason(statistics.FinishReason)}){seed}";
    }

    // A seed of 1 or more stays one, as llama2.c knows no other.
    private static int SeedOf(int first, long lines) => first < 1 ? unchecked(first + (int)lines) : (int)((first + lines - 1) % int.MaxValue) + 1;

    private static string Reason(FinishReason? reason) => reason switch
    {
        FinishReason.EndToken => "the model ended",
        FinishReason.StopString => "a stop text came",
        FinishReason.Length => "as many as asked for",
        FinishReason.Context => "the context is full",
        _ => "interrupted",
    };
}
