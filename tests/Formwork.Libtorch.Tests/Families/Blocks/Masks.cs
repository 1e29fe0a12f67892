using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>What may see what: true where a query may look at a key, and the positions that padding leaves.</summary>
public static class Masks
{
    /// <summary>
    /// A token sees the tokens before it and itself; with a window, of those the last <paramref name="window"/> only.
    /// Source: Vaswani et al., "Attention is all you need", section 3.2.3; Mistral 7B (2023), section 2, "sliding window attention".
    /// </summary>
    /// <param name="mask">1 for a token, 0 for padding, <c>[batch, length]</c>.</param>
    /// <param name="window">Positions seen, its own included; null for all.</param>
    /// <returns><c>[batch, 1, length, length]</c>: queries, then keys.</returns>
    public static Tensor Causal(Tensor mask, int? window = null)
    {
        Tensor places = arange(mask.shape[1], int64);
        Tensor back = places.unsqueeze(1) - places.unsqueeze(0);
        Tensor seen = back.ge(0);
        if (window is { } width)
            seen = seen.logical_and(back.lt(width));
        return seen.logical_and(Tokens(mask));
    }

    /// <summary>Every query sees every key that is no padding.</summary>
    /// <param name="mask">1 for a token, 0 for padding, <c>[batch, length]</c>.</param>
    /// <returns><c>[batch, 1, 1, length]</c>.</returns>
    public static Tensor Tokens(Tensor mask) => mask.ne(0).unsqueeze(1).unsqueeze(1);

    /// <summary>Each token's position: how many tokens stand before it. 0 for padding at the front.</summary>
    /// <param name="mask">1 for a token, 0 for padding, <c>[batch, length]</c>.</param>
    /// <returns><c>[batch, length]</c>, int64.</returns>
    public static Tensor Positions(Tensor mask) => (mask.cumsum(1) - 1).clamp_min(0);
}
