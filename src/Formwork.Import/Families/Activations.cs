using Formwork.Import.Configuration;

namespace Formwork.Import.Families;

/// <summary>Hugging Face's names of activation functions, in a spec's words.</summary>
internal static class Activations
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["relu"] = "relu",
        ["relu2"] = "relu_squared",
        ["gelu"] = "gelu",
        ["gelu_python"] = "gelu",
        ["gelu_new"] = "gelu_tanh",
        ["gelu_fast"] = "gelu_tanh",
        ["gelu_pytorch_tanh"] = "gelu_tanh",
        ["gelu_python_tanh"] = "gelu_tanh",
        ["quick_gelu"] = "gelu_sigmoid",
        ["silu"] = "silu",
        ["swish"] = "silu",
        ["tanh"] = "tanh",
    };

    /// <summary>The activation under a key, or the usual one where the file does not say.</summary>
    /// <exception cref="Runtime.InvalidInputException">There is no such activation.</exception>
    public static string Read(ConfigSection config, string key, string? usual = null)
    {
        string name = usual is null ? config.Text(key) : config.Text(key, usual);
        return Names.TryGetValue(name, out string? activation) ? activation : throw config.Wrong(key, $"\"{name}\"",
            $"one of {string.Join(", ", Names.Keys.Order(StringComparer.Ordinal))}", "Formwork has no such activation.");
    }
}
