using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>Scaled dot-product attention with everything that families add to it.</summary>
public sealed record ScaledAttention
{
    // Not infinity: a row that sees nothing is padding, and shall be some number and not NaN, which would spread through the keys.
    private const double Hidden = -1e30;

    /// <summary>What scores are multiplied by; null for 1/√(head width). Source: Vaswani et al. (2017), section 3.2.1.</summary>
    public double? Scale { get; init; }

    /// <summary>Scores become cap·tanh(score/cap); null for none. Source: Gemma 2 technical report (2024), section 2, "logit soft-capping".</summary>
    public double? Cap { get; init; }

    /// <summary>
    /// A logit a head that takes part in the softmax and then is dropped; null for none, <c>[heads]</c>.
    /// Source: gpt-oss model card (2025), section 2.2: "a learned bias in the denominator of the softmax".
    /// </summary>
    public Tensor? Sinks { get; init; }

    /// <summary>What is added to scaled scores: ALiBi's or T5's; null for none. <c>[batch or 1, heads, queries, keys]</c>.</summary>
    public Tensor? Bias { get; init; }

    /// <summary>
    /// softmax(scale·q·kᵀ)·v, key and value heads shared by consecutive query heads (Ainslie et al., "GQA", 2023).
    /// </summary>
    /// <param name="query"><c>[batch, heads, queries, head width]</c>.</param>
    /// <param name="key"><c>[batch, key/value heads, keys, head width]</c>.</param>
    /// <param name="value"><c>[batch, key/value heads, keys, value width]</c>.</param>
    /// <param name="visible">True where a query sees a key; broadcasts to <c>[batch, heads, queries, keys]</c>.</param>
    /// <returns><c>[batch, queries, heads · value width]</c>.</returns>
    public Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor visible) =>
        ByHead.Join(Weights(query, key, visible).matmul(Shared(value, query)));

    /// <summary>The attention weights, <c>[batch, heads, queries, keys]</c>; rows sum to 1, or to less with sinks.</summary>
    public Tensor Weights(Tensor query, Tensor key, Tensor visible)
    {
        Tensor scores = query.matmul(Shared(key, query).transpose(-1, -2)) * (Scale ?? 1 / Math.Sqrt(query.shape[^1]));
        if (Cap is { } cap)
            scores = (scores / cap).tanh() * cap;
        if (Bias is not null)
            scores = scores + Bias;
        scores = scores.masked_fill(visible.logical_not(), Hidden);
        if (Sinks is null)
            return scores.softmax(-1);
        Tensor sink = Sinks.view(1, -1, 1, 1).expand(scores.shape[0], -1, scores.shape[2], 1);
        return cat([scores, sink], -1).softmax(-1).slice(-1, 0, scores.shape[^1], 1);
    }

    private static Tensor Shared(Tensor keyOrValue, Tensor query) => keyOrValue.repeat_interleave(query.shape[1] / keyOrValue.shape[1], 1);
}
