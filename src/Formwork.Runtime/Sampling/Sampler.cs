using System.Numerics.Tensors;

namespace Formwork.Runtime.Sampling;

/// <summary>
/// Chooses tokens from logits. Holds the random numbers' state and its buffers: one sampler for each sequence, one thread at a time. Once it has
/// seen a vocabulary's size it allocates nothing.
/// </summary>
public sealed class Sampler
{
    private readonly SamplingOptions _options;
    private readonly Penalties _penalties;
    private readonly CandidateFilter _filter;
    private readonly Xoshiro256 _random;
    private readonly Llama2CSampler? _llama2C;

    /// <summary>Takes the options, checked.</summary>
    /// <exception cref="InvalidInputException">An option is out of its range; the message names it.</exception>
    public Sampler(SamplingOptions options)
    {
        options.Validate();
        _options = options;
        _penalties = new(options);
        _filter = new(options);
        var seed = (ulong)(options.Seed ?? System.Random.Shared.Next(1, int.MaxValue));
        _random = new(seed);
        if (options.Random == RandomSource.Llama2C)
            _llama2C = new(options.Temperature, options.TopP, seed);
    }

    /// <summary>Chooses the next token.</summary>
    /// <param name="logits">A logit for each token of the vocabulary; −∞ rules a token out. Overwritten.</param>
    /// <param name="history">The tokens so far, for the penalties; the prompt first.</param>
    /// <param name="promptLength">How many of the history's first tokens are the prompt's.</param>
    /// <exception cref="InvalidInputException">The logits have NaN or +∞ or nothing finite, or the history has a token they do not have.</exception>
    public int Sample(Span<float> logits, ReadOnlySpan<int> history, int promptLength = 0)
    {
        var greatest = Prepare(logits, history, promptLength);
        if (_options.Temperature == 0)
            return TensorPrimitives.IndexOfMax<float>(logits);
        if (_llama2C is not null)
            return _llama2C.Sample(logits);
        return Draw(_filter.Apply(logits, greatest));
    }

    /// <summary>
    /// What <see cref="Sample"/> would choose among, without choosing: the parameters are the same. One token at temperature 0.
    /// <see cref="RandomSource.Llama2C"/> differs from it in the last bits.
    /// </summary>
    /// <exception cref="InvalidInputException">As for <see cref="Sample"/>.</exception>
    public CandidateTokens Candidates(Span<float> logits, ReadOnlySpan<int> history, int promptLength = 0)
    {
        var greatest = Prepare(logits, history, promptLength);
        if (_options.Temperature == 0)
            return new(new[] { TensorPrimitives.IndexOfMax<float>(logits) }, new[] { 1f });
        return _filter.Apply(logits, greatest);
    }

    /// <summary>Checks the input and applies the penalties.</summary>
    /// <returns>The greatest logit.</returns>
    private float Prepare(Span<float> logits, ReadOnlySpan<int> history, int promptLength)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)promptLength, (uint)history.Length, nameof(promptLength));
        if (_penalties.Any)
        {
            CheckHistory(history, logits.Length);
            _penalties.Apply(logits, history, promptLength);
        }
        var greatest = logits.IsEmpty ? float.NaN : TensorPrimitives.Max<float>(logits);
        return float.IsFinite(greatest) ? greatest : throw BadLogits(logits);
    }

    private int Draw(CandidateTokens candidates)
    {
        var coin = _random.NextDouble();
        var sum = 0.0;
        var chosen = 0;
        for (var i = 0; i < candidates.Tokens.Length; i++)
        {
            if (candidates.Probabilities[i] == 0)
                continue;
            // The last possible one stands where rounding keeps the sum below the coin.
            chosen = candidates.Tokens[i];
            sum += candidates.Probabilities[i];
            if (coin < sum)
                break;
        }
        return chosen;
    }

    private static void CheckHistory(ReadOnlySpan<int> history, int vocabulary)
    {
        for (var i = 0; i < history.Length; i++)
        {
            if ((uint)history[i] >= (uint)vocabulary)
                throw new InvalidInputException("history", $"token {i}", $"id {history[i]}", $"an id from 0 to {vocabulary - 1}", "Give the tokens that the logits were computed from.");
        }
    }

    internal static InvalidInputException BadLogits(ReadOnlySpan<float> logits)
    {
        const string Remedy = "Look for NaN or very large numbers in the weights.";
        for (var i = 0; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i]) || float.IsPositiveInfinity(logits[i]))
                return new("logits", $"token {i}", float.IsNaN(logits[i]) ? "NaN" : "+∞", "a finite number, or −∞ for a token ruled out", Remedy);
        }
        return new("logits", null, logits.IsEmpty ? "none" : "−∞ everywhere", "at least one finite number", Remedy);
    }
}
