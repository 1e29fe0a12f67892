using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>Feed-forward parts.</summary>
public static class FeedForwards
{
    /// <summary>down(act(gate(x)) · up(x)). Source: Shazeer, "GLU variants improve Transformer" (2020), equation 6.</summary>
    public static Tensor Gated(
        Tensor x, TinyWeights weights, string activation, string gate = "gate_proj", string up = "up_proj", string down = "down_proj") =>
        weights.Linear(Activations.Apply(activation, weights.Linear(x, gate)) * weights.Linear(x, up), down);

    /// <summary>down(act(up(x))). Source: Vaswani et al. (2017), equation 2.</summary>
    public static Tensor Plain(Tensor x, TinyWeights weights, string activation, string up, string down) =>
        weights.Linear(Activations.Apply(activation, weights.Linear(x, up)), down);
}
