using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>Activations by the names that config.json has for them.</summary>
public static class Activations
{
    /// <summary>The function that <c>hidden_act</c>, <c>activation_function</c>, … names.</summary>
    public static Tensor Apply(string name, Tensor x) => name switch
    {
        "relu" => nn.functional.relu(x),
        "relu2" => nn.functional.relu(x).square(),
        "gelu" => nn.functional.gelu(x),
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        "quick_gelu" => x * sigmoid(x * 1.702),
        "silu" or "swish" => nn.functional.silu(x),
        "tanh" => tanh(x),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "an activation of no family here"),
    };
}
