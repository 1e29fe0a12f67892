using System.CommandLine;
using System.Globalization;

namespace Formwork.Cli.Commands;

/// <summary>Arguments and options that several verbs share, each made in one place so that they read the same everywhere.</summary>
internal static class ModelArguments
{
    public static Argument<string> Model() => new("model")
    {
        Description = "The spec: a *.model.yaml file, or a folder that holds exactly one; or a Hugging Face folder, which needs none.",
    };

    public static Argument<string?> Text(string description) => new("text")
    {
        Description = description + " Read from standard input when left out or '-'.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Option<string?> Weights() => new("--weights")
    {
        Description = "A checkpoint's file or folder; the spec's folder unless said.",
        HelpName = "path",
    };

    public static Option<string?> Tokenizer() => new("--tokenizer")
    {
        Description = "The tokenizer's file or folder; the spec's folder unless said.",
        HelpName = "path",
    };

    public static Option<int?> Threads() => Bounded(new Option<int?>("--threads")
    {
        Description = "Number of threads; one a processor unless said. The result does not depend on it.",
        HelpName = "count",
    }, least: 1);

    public static Option<int?> RandomWeights() => new("--random-weights")
    {
        Description = "Draw weights from this seed instead of reading a checkpoint: for specs that come without.",
        HelpName = "seed",
    };

    public static Option<bool> NoCache() => new("--no-cache") { Description = "Compile afresh and store nothing." };

    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Nothing on standard error but errors." };

    public static Option<bool> Verbose() => new("--verbose", "-v") { Description = "Say more on standard error: compilation, cache, loading." };

    /// <summary>A number with a range, whose absence means a default that the description tells.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is.</param>
    /// <param name="fits">The range.</param>
    /// <param name="expected">The range in words.</param>
    public static Option<double?> Number(string name, string description, Func<double, bool> fits, string expected)
    {
        var option = new Option<double?>(name) { Description = description, HelpName = "number" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && !fits(value))
                result.AddError($"{name} is {token.Value}; it must be {expected}.");
        });
        return option;
    }

    /// <summary>Refuses numbers below a bound, as a matter of usage.</summary>
    public static Option<int?> Bounded(Option<int?> option, int least)
    {
        option.Validators.Add(result =>
        {
            // What is no number at all, the parser says itself; asking it for the value here would throw.
            if (result.Tokens is [var token] && int.TryParse(token.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) && value < least)
                result.AddError($"{option.Name} is {value}; it must be at least {least}.");
        });
        return option;
    }
}
