namespace Formwork.Runtime.Sampling;

/// <summary>Lowers the logits of tokens that the text already has. Formulas and sources: <see cref="SamplingOptions"/>.</summary>
internal sealed class Penalties(SamplingOptions options)
{
    // Per token id, kept all zero between calls: whether the token was seen, and how often it was generated.
    private bool[] _seen = [];
    private int[] _counts = [];

    public bool Any { get; } = options.RepetitionPenalty != 1 || options.FrequencyPenalty != 0 || options.PresencePenalty != 0;

    /// <summary>Changes <paramref name="logits"/> in place; the first <paramref name="promptLength"/> tokens of the history were not generated.</summary>
    public void Apply(Span<float> logits, ReadOnlySpan<int> history, int promptLength)
    {
        if (_seen.Length < logits.Length)
        {
            _seen = new bool[logits.Length];
            _counts = new int[logits.Length];
        }
        foreach (var token in history[promptLength..])
            _counts[token]++;
        foreach (var token in history)
        {
            if (_seen[token])
                continue;
            _seen[token] = true;
            logits[token] = Penalised(logits[token], _counts[token]);
        }
        foreach (var token in history)
        {
            _seen[token] = false;
            _counts[token] = 0;
        }
    }

    private float Penalised(float logit, int count)
    {
        // Dividing a negative logit would make the token more probable, so it is multiplied.
        var repeated = logit < 0 ? logit * options.RepetitionPenalty : logit / options.RepetitionPenalty;
        return repeated - count * options.FrequencyPenalty - (count > 0 ? options.PresencePenalty : 0);
    }
}
