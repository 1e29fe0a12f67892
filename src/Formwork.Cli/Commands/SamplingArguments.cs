using System.CommandLine;
using Formwork.Runtime;
using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Formwork.Runtime.Sampling;

namespace Formwork.Cli.Commands;

/// <summary>The options that say how a text is continued.</summary>
internal sealed class SamplingArguments
{
    private const string Llama2C = "llama2c";
    private const int DefaultMaxTokens = 256;

    private readonly Option<float> _temperature = new("--temperature", "-t")
    {
        Description = "How daring: 0 always takes the likeliest token, 1 the model's own probabilities. The model's own unless said, or 0.8.",
        DefaultValueFactory = _ => 0.8f,
        HelpName = "number",
    };

    private readonly Option<int> _topK = new("--top-k") { Description = "Choose among the k likeliest tokens; 0 for all.", HelpName = "k" };

    private readonly Option<float> _topP = new("--top-p")
    {
        Description = "Choose among the likeliest tokens that together have this probability; 1 for all. The model's own unless said, or 0.95.",
        DefaultValueFactory = _ => 0.95f,
        HelpName = "probability",
    };

    private readonly Option<float> _minP = new("--min-p")
    {
        Description = "Choose among tokens at least this fraction as likely as the likeliest; 0 for all.", HelpName = "fraction",
    };

    private readonly Option<float> _repetition = new("--repetition-penalty")
    {
        Description = "Divides the logits of tokens that are in the text already; 1 for none.", DefaultValueFactory = _ => 1f, HelpName = "factor",
    };

    private readonly Option<float> _frequency = new("--frequency-penalty")
    {
        Description = "Taken from a token's logit for every time it was generated.", HelpName = "number",
    };

    private readonly Option<float> _presence = new("--presence-penalty")
    {
        Description = "Taken from a token's logit once it was generated.", HelpName = "number",
    };

    private readonly Option<int?> _seed = new("--seed") { Description = "The same seed tells the same story; a new one each time unless said.", HelpName = "number" };

    private readonly Option<string> _sampler = new("--sampler")
    {
        Description = "Where random numbers come from: Formwork's own generator, or llama2.c's, whose seeds it then reproduces.",
        DefaultValueFactory = _ => "default",
        HelpName = "default|llama2c",
    };

    private readonly Option<int?> _maxTokens = ModelArguments.Bounded(new Option<int?>("--max-tokens", "-n")
    {
        Description = $"The most new tokens; {DefaultMaxTokens} unless --max-length is given.", HelpName = "count",
    }, least: 0);

    private readonly Option<int?> _maxLength = ModelArguments.Bounded(new Option<int?>("--max-length")
    {
        Description = "The most tokens in all, the prompt's counted, a begin token not.", HelpName = "count",
    }, least: 1);

    private readonly Option<string[]> _stop = new("--stop")
    {
        Description = "End before this text; may be given several times.", HelpName = "text", DefaultValueFactory = _ => [],
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        _sampler.AcceptOnlyFromAmong("default", Llama2C);
        foreach (Option option in new Option[] { _temperature, _topK, _topP, _minP, _repetition, _frequency, _presence, _seed, _sampler, _maxTokens, _maxLength, _stop })
            command.Options.Add(option);
    }

    /// <summary>The options as the runtime takes them, with a seed that can be told.</summary>
    /// <exception cref="UsageException">A number is out of its range, or options exclude each other.</exception>
    public GenerationOptions Read(ParseResult parsed)
    {
        bool llama2C = parsed.GetRequiredValue(_sampler) == Llama2C;
        if (llama2C)
            RefuseWithLlama2C(parsed);
        var options = new GenerationOptions
        {
            Sampling = new SamplingOptions
            {
                Temperature = parsed.GetValue(_temperature),
                TopK = parsed.GetValue(_topK),
                TopP = parsed.GetValue(_topP),
                MinP = parsed.GetValue(_minP),
                RepetitionPenalty = parsed.GetValue(_repetition),
                FrequencyPenalty = parsed.GetValue(_frequency),
                PresencePenalty = parsed.GetValue(_presence),
                Seed = parsed.GetValue(_seed) ?? Random.Shared.Next(1, int.MaxValue),
                Random = llama2C ? RandomSource.Llama2C : RandomSource.Default,
            },
            MaxTokens = parsed.GetValue(_maxTokens) ?? (parsed.GetValue(_maxLength) is null ? DefaultMaxTokens : null),
            MaxLength = parsed.GetValue(_maxLength),
            StopStrings = parsed.GetRequiredValue(_stop),
            EchoPrompt = true,
            Statistics = new GenerationStatistics(),
        };
        return Checked(options);
    }

    /// <summary>The options, with the model's own way where the user left it open. llama2.c's sampler has its own.</summary>
    public GenerationOptions WithModelsOwn(ParseResult parsed, GenerationOptions options, GenerationDefaults own)
    {
        if (options.Sampling is not { Random: RandomSource.Default } sampling)
            return options;
        return options with
        {
            Sampling = sampling with
            {
                Temperature = Given(parsed, _temperature) ? sampling.Temperature : own.Temperature ?? sampling.Temperature,
                TopK = Given(parsed, _topK) ? sampling.TopK : own.TopK ?? sampling.TopK,
                TopP = Given(parsed, _topP) ? sampling.TopP : own.TopP ?? sampling.TopP,
                RepetitionPenalty = Given(parsed, _repetition) ? sampling.RepetitionPenalty : own.RepetitionPenalty ?? sampling.RepetitionPenalty,
            },
        };
    }

    /// <summary>Whether the user said how tokens are to be chosen.</summary>
    public bool Asked(ParseResult parsed) =>
        new Option[] { _temperature, _topK, _topP, _minP, _repetition, _frequency, _presence, _seed, _sampler, _stop }.Any(option => Given(parsed, option));

    /// <summary>The most new tokens, where the user said.</summary>
    public int? MaxTokens(ParseResult parsed) => parsed.GetValue(_maxTokens);

    private static bool Given(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private void RefuseWithLlama2C(ParseResult parsed)
    {
        Option[] unknownThere = [_topK, _minP, _repetition, _frequency, _presence];
        if (unknownThere.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
            throw new UsageException($"{given.Name} and --sampler llama2c exclude each other: llama2.c knows temperature and top-p only");
    }

    // The ranges stand in the runtime's own checks; here they become a matter of usage, told in the options' names.
    private static GenerationOptions Checked(GenerationOptions options)
    {
        try
        {
            options.Validate();
            return options;
        }
        catch (InvalidInputException exception)
        {
            throw new UsageException($"{OptionName(exception.InputSource)} is {exception.Found}; it must be {exception.Expected}");
        }
    }

    // TopK → --top-k; StopStrings[1] → --stop
    private static string OptionName(string property) => property.StartsWith(nameof(GenerationOptions.StopStrings), StringComparison.Ordinal)
        ? "--stop"
        : "-" + string.Concat(property.Select(letter => char.IsUpper(letter) ? "-" + char.ToLowerInvariant(letter) : letter.ToString()));
}
