using System.Numerics.Tensors;

namespace Formwork.Runtime.Sampling;

/// <summary>
/// Turns logits into the tokens that temperature, top-k, top-p and min-p leave. Works on distances d = (greatest − logit) / temperature, never
/// negative, and weights e⁻ᵈ, of which the greatest is exactly 1: nothing can overflow, and min-p is a plain threshold.
/// </summary>
internal sealed class CandidateFilter(SamplingOptions options)
{
    private ulong[] _keys = [];
    private float[] _weights = [];
    private int[] _tokens = [];

    /// <summary>The candidates for these logits [vocabulary], whose greatest is <paramref name="greatest"/>; the logits are used up.</summary>
    public CandidateTokens Apply(Span<float> logits, float greatest)
    {
        Reserve(logits.Length);
        TensorPrimitives.Subtract(greatest, logits, logits);
        TensorPrimitives.Divide(logits, options.Temperature, logits);
        var count = KeepTopP(logits, KeepTopK(logits), out var total);
        if (options.MinP > 0)
            count = KeepMinP(count, out total);
        var probabilities = _weights.AsSpan(0, count);
        TensorPrimitives.Divide(probabilities, (float)total, probabilities);
        return new(_tokens.AsSpan(0, count), probabilities);
    }

    /// <summary>The k nearest, sorted, or all in the order of their ids.</summary>
    private int KeepTopK(ReadOnlySpan<float> distances)
    {
        if (options.TopK == 0 || options.TopK >= distances.Length)
        {
            TensorPrimitives.Negate(distances, _weights);
            TensorPrimitives.Exp(_weights.AsSpan(0, distances.Length), _weights);
            for (var token = 0; token < distances.Length; token++)
                _tokens[token] = token;
            return distances.Length;
        }
        var nearest = _keys.AsSpan(0, options.TopK);
        TokenKey.SelectNearest(distances, nearest);
        TakeSorted(nearest);
        return nearest.Length;
    }

    /// <summary>The shortest run of nearest candidates whose weights reach top-p of the total.</summary>
    private int KeepTopP(ReadOnlySpan<float> distances, int count, out double total)
    {
        total = TensorPrimitives.Sum<float>(_weights.AsSpan(0, count));
        if (options.TopP == 1)
            return count;
        var goal = options.TopP * total;
        if (count == distances.Length)
            count = SortLikely(distances, total);
        total = 0;
        for (var i = 0; i < count; i++)
        {
            total += _weights[i];
            if (total >= goal)
                return i + 1;
        }
        return count;
    }

    /// <summary>
    /// Sorts the candidates that top-p can keep. Beside the first, a weight below (1 − p) / (n − 1) of the total cannot be one: it and the at most
    /// n − 2 lighter ones would weigh less than 1 − p, so the heavier ones alone reach p (llama2.c's observation).
    /// </summary>
    private int SortLikely(ReadOnlySpan<float> distances, double total)
    {
        // A little lower, so that rounding drops none; no higher than the greatest weight, 1, so that the first is left.
        const double Slack = 0.999;
        var least = (float)Math.Min(1, Slack * (1 - options.TopP) * total / Math.Max(1, distances.Length - 1));
        var count = 0;
        for (var token = 0; token < distances.Length; token++)
        {
            if (_weights[token] >= least)
                _keys[count++] = TokenKey.Of(distances[token], token);
        }
        var likely = _keys.AsSpan(0, count);
        likely.Sort();
        TakeSorted(likely);
        return count;
    }

    private int KeepMinP(int count, out double total)
    {
        var kept = 0;
        total = 0;
        for (var i = 0; i < count; i++)
        {
            if (_weights[i] < options.MinP)
                continue;
            total += _weights[i];
            _weights[kept] = _weights[i];
            _tokens[kept++] = _tokens[i];
        }
        return kept;
    }

    private void TakeSorted(ReadOnlySpan<ulong> keys)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            _tokens[i] = TokenKey.Token(keys[i]);
            _weights[i] = -TokenKey.Distance(keys[i]);
        }
        var weights = _weights.AsSpan(0, keys.Length);
        TensorPrimitives.Exp(weights, weights);
    }

    private void Reserve(int vocabulary)
    {
        if (_weights.Length >= vocabulary)
            return;
        _weights = new float[vocabulary];
        _tokens = new int[vocabulary];
        _keys = new ulong[options.TopP < 1 ? vocabulary : Math.Min(options.TopK, vocabulary)];
    }
}
