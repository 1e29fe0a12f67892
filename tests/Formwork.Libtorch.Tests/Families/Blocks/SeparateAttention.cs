using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>
/// Multi-head attention whose queries come from one sequence and whose keys and values may come from another.
/// Source: Vaswani et al. (2017), section 3.2.
/// </summary>
/// <param name="Heads">Attention heads.</param>
/// <param name="Query">The name of the query projection, and so on.</param>
/// <param name="Key"></param>
/// <param name="Value"></param>
/// <param name="Output"></param>
public sealed record SeparateAttention(int Heads, string Query, string Key, string Value, string Output)
{
    /// <summary>What scores are multiplied by; null for 1/√(head width).</summary>
    public double? Scale { get; init; }

    /// <summary>fairseq's names.</summary>
    public static SeparateAttention Fairseq(int heads) => new(heads, "q_proj", "k_proj", "v_proj", "out_proj");

    /// <summary>Attention of <paramref name="x"/> over <paramref name="memory"/>, projected back.</summary>
    /// <param name="x"><c>[batch, queries, width]</c>.</param>
    /// <param name="memory"><c>[batch, keys, width]</c>; <paramref name="x"/> itself for self-attention.</param>
    /// <param name="weights">The tensors below the attention's path.</param>
    /// <param name="visible">As for <see cref="ScaledAttention.Attend"/>.</param>
    /// <param name="bias">What is added to scores; null for nothing.</param>
    /// <returns><c>[batch, queries, width]</c>, and the attention weights <c>[batch, heads, queries, keys]</c>.</returns>
    public (Tensor Output, Tensor Pattern) Run(Tensor x, Tensor memory, TinyWeights weights, Tensor visible, Tensor? bias = null)
    {
        Tensor query = ByHead.Split(weights.Linear(x, Query), Heads);
        Tensor key = ByHead.Split(weights.Linear(memory, Key), Heads);
        Tensor value = ByHead.Split(weights.Linear(memory, Value), Heads);
        Tensor pattern = new ScaledAttention { Scale = Scale, Bias = bias }.Weights(query, key, visible);
        return (weights.Linear(ByHead.Join(pattern.matmul(value)), Output), pattern);
    }
}
