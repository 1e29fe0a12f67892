using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>
/// Mixtures of experts, written without routing: every expert computes every token, and those that were not chosen weigh nothing.
/// Source: Shazeer et al., "Outrageously large neural networks" (2017), equations 1 and 3 to 5.
/// </summary>
public static class Experts
{
    /// <summary>Σ weight_e · expert_e(x).</summary>
    /// <param name="x"><c>[…, width]</c>.</param>
    /// <param name="weights"><c>[…, experts]</c>, 0 for those not chosen.</param>
    /// <param name="expert">One expert on all of x.</param>
    public static Tensor Mix(Tensor x, Tensor weights, Func<int, Tensor, Tensor> expert)
    {
        Tensor sum = zeros_like(x);
        for (int index = 0; index < weights.shape[^1]; index++)
            sum = sum + weights.slice(-1, index, index + 1, 1) * expert(index, x);
        return sum;
    }

    /// <summary>1 for the largest numbers of each row, 0 for the others.</summary>
    /// <param name="scores"><c>[…, experts]</c>.</param>
    /// <param name="chosen">How many.</param>
    public static Tensor Largest(Tensor scores, int chosen)
    {
        Tensor indices = scores.topk(chosen, -1).indexes;
        return zeros_like(scores).scatter(-1, indices, ones_like(indices).to(scores.dtype));
    }

    /// <summary>
    /// Softmax over the chosen experts' logits alone, which is softmax over all, divided by the chosen ones' sum.
    /// Source: Jiang et al., "Mixtral of experts" (2024), section 2.1.
    /// </summary>
    public static Tensor SoftmaxOfLargest(Tensor logits, int chosen) =>
        logits.masked_fill(Largest(logits, chosen).eq(0), double.NegativeInfinity).softmax(-1);

    /// <summary>Softmax over all experts, kept for the chosen ones; divided by their sum if <paramref name="renormalize"/>.</summary>
    public static Tensor LargestOfSoftmax(Tensor logits, int chosen, bool renormalize)
    {
        Tensor scores = logits.softmax(-1);
        Tensor kept = scores * Largest(scores, chosen);
        return renormalize ? kept / kept.sum(-1, keepdim: true) : kept;
    }
}
