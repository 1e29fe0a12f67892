using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Formwork.Runtime.Generation;

namespace Formwork.Cli.Commands;

/// <summary>The options of beam search.</summary>
internal sealed class SearchArguments
{
    private readonly Option<int?> _beams = ModelArguments.Bounded(new Option<int?>("--beams")
    {
        Description = "Follow so many texts at a time and give the most probable; 1 always takes the likeliest token. Encoder-decoders search unless told to sample.", HelpName = "count",
    }, least: 1);

    private readonly Option<float?> _lengthPenalty = new("--length-penalty")
    {
        Description = "How much longer texts are favoured in the search; 0 not at all.", HelpName = "number",
    };

    /// <summary>How many texts of the search to give.</summary>
    public Option<int?> Best { get; } = ModelArguments.Bounded(new Option<int?>("--n-best")
    {
        Description = "Give so many texts of the search, best first, a line each with its score.", HelpName = "count",
    }, least: 1);

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="several">Whether it can give several texts.</param>
    public void AddTo(Command command, bool several = true)
    {
        foreach (Option option in several ? [_beams, _lengthPenalty, Best] : new Option[] { _beams, _lengthPenalty })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (Number(result, Best) is { } best && Number(result, _beams) is { } beams && best > beams)
                result.AddError($"--n-best is {best}; it must be at most --beams, which is {beams}.");
            if (Number(result, _lengthPenalty) is { } penalty && !(penalty >= 0 && double.IsFinite(penalty)))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--length-penalty is {penalty}; it must be a number, 0 or more."));
        });
    }

    // What is no number at all, the parser says itself; asking it for the value here would throw.
    private static double? Number(CommandResult command, Option option) =>
        command.GetResult(option)?.Tokens is [var token] && double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    /// <summary>Whether the user asked for a search.</summary>
    public bool Asked(ParseResult parsed) =>
        new Option[] { _beams, _lengthPenalty, Best }.Any(option => parsed.GetResult(option) is { Implicit: false });

    /// <summary>Whether more than one text was asked for.</summary>
    public bool Several(ParseResult parsed) => parsed.GetValue(Best) is not null;

    /// <summary>The search; what the user left open is the model's.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="usualBeams">The model's own number of beams.</param>
    /// <param name="maxTokens">The most new tokens.</param>
    public BeamSearchOptions Read(ParseResult parsed, int? usualBeams, int? maxTokens)
    {
        int best = parsed.GetValue(Best) ?? 1;
        // Asking for ten texts asks for ten beams.
        int? beams = parsed.GetValue(_beams) ?? (best > (usualBeams ?? 4) ? best : null);
        return new BeamSearchOptions { Beams = beams, Best = best, LengthPenalty = parsed.GetValue(_lengthPenalty), MaxTokens = maxTokens };
    }
}
