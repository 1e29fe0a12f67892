namespace Formwork.Runtime.Sampling;

/// <summary>
/// The sampler of llama2.c (github.com/karpathy/llama2.c, run.c: <c>sample</c>, <c>sample_mult</c>, <c>sample_topp</c>, <c>random_u32</c>),
/// with its float32 arithmetic in its order, so that a seed gives the same tokens. Its loops are scalar for that reason.
/// </summary>
internal sealed class Llama2CSampler(float temperature, float topP, ulong seed)
{
    private readonly Llama2CRandom _random = new(seed);
    private ulong[] _keys = [];

    /// <summary>Chooses a token; temperature must not be 0. The logits become probabilities.</summary>
    public int Sample(Span<float> logits)
    {
        for (var i = 0; i < logits.Length; i++)
            logits[i] /= temperature;
        Softmax(logits);
        var coin = _random.NextFloat();
        return topP >= 1 ? SampleAll(logits, coin) : SampleTopP(logits, coin);
    }

    private static void Softmax(Span<float> x)
    {
        var max = x[0];
        foreach (var value in x)
            max = value > max ? value : max;
        var sum = 0f;
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = MathF.Exp(x[i] - max);
            sum += x[i];
        }
        for (var i = 0; i < x.Length; i++)
            x[i] /= sum;
    }

    private static int SampleAll(ReadOnlySpan<float> probabilities, float coin)
    {
        var sum = 0f;
        for (var i = 0; i < probabilities.Length; i++)
        {
            sum += probabilities[i];
            if (coin < sum)
                return i;
        }
        // Reached by rounding only.
        return probabilities.Length - 1;
    }

    private int SampleTopP(ReadOnlySpan<float> probabilities, float coin)
    {
        var sorted = SortLikely(probabilities);
        var cumulative = 0f;
        var last = sorted.Length - 1;
        for (var i = 0; i < sorted.Length; i++)
        {
            cumulative += probabilities[TokenKey.Token(sorted[i])];
            // Above top-p, where the definition of nucleus sampling says at least.
            if (cumulative > topP)
            {
                last = i;
                break;
            }
        }
        var goal = coin * cumulative;
        var sum = 0f;
        for (var i = 0; i <= last; i++)
        {
            sum += probabilities[TokenKey.Token(sorted[i])];
            if (goal < sum)
                return TokenKey.Token(sorted[i]);
        }
        return TokenKey.Token(sorted[last]);
    }

    // The tokens that top-p can keep, most probable first; run.c's qsort leaves the order of equal ones open, here it is by rising id.
    private ReadOnlySpan<ulong> SortLikely(ReadOnlySpan<float> probabilities)
    {
        if (_keys.Length < probabilities.Length)
            _keys = new ulong[probabilities.Length];
        var cutoff = (1f - topP) / (probabilities.Length - 1);
        var count = 0;
        for (var token = 0; token < probabilities.Length; token++)
        {
            if (probabilities[token] >= cutoff)
                _keys[count++] = TokenKey.OfProbability(probabilities[token], token);
        }
        // Few and nearly equal probabilities can all lie below the cutoff; run.c then reads outside its array. All are kept here.
        if (count == 0)
        {
            for (var token = 0; token < probabilities.Length; token++)
                _keys[count++] = TokenKey.OfProbability(probabilities[token], token);
        }
        _keys.AsSpan(0, count).Sort();
        return _keys.AsSpan(0, count);
    }
}
