using System.Text.RegularExpressions;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>Copies a family's numbers into libtorch's transformer modules.</summary>
internal static partial class ModuleWeights
{
    /// <summary>
    /// Fills every parameter, in float64, and turns dropout off. Query, key and value, which libtorch keeps in one matrix, are asked for as
    /// <c>….query.weight</c> and so on, in the module's own path.
    /// </summary>
    /// <param name="module">A module of <c>torch.nn</c>.</param>
    /// <param name="find">The numbers for a parameter's name.</param>
    public static void Fill(nn.Module module, Func<string, Tensor> find)
    {
        module.to(float64);
        module.eval();
        foreach ((string name, Parameter parameter) in module.named_parameters())
        {
            Match fused = Fused().Match(name);
            parameter.copy_(fused.Success
                ? cat(new[] { "query", "key", "value" }.Select(part => find($"{fused.Groups[1].Value}{part}.{fused.Groups[2].Value}")).ToArray(), 0)
                : find(name));
        }
    }

    /// <summary>query, key, value or output, if the name is a parameter of an attention; null if not.</summary>
    public static string? AttentionPart(string name) =>
        AttentionPath().Match(name) is { Success: true } match ? match.Groups[1].Value.Replace("out_proj", "output", StringComparison.Ordinal) : null;

    /// <summary>An attention's parameter under this project's name: <c>query.weight</c>.</summary>
    public static string AttentionName(string name) => name.Replace("out_proj", "output", StringComparison.Ordinal);

    /// <summary>A stack's parameter under this project's name: <c>decoder.layers.1.cross_attention.query.weight</c>.</summary>
    public static string CanonicalName(string name)
    {
        bool decoder = name.StartsWith("decoder.", StringComparison.Ordinal);
        (string Libtorch, string Ours)[] pairs =
        [
            ("out_proj", "output"), ("self_attn", "attention"), ("multihead_attn", "cross_attention"),
            ("linear1", "feed_forward.up"), ("linear2", "feed_forward.down"), ("norm1", "attention.norm"),
            ("norm2", decoder ? "cross_attention.norm" : "feed_forward.norm"), ("norm3", "feed_forward.norm"),
        ];
        string ours = pairs.Aggregate(name, (path, pair) => path.Replace($".{pair.Libtorch}.", $".{pair.Ours}.", StringComparison.Ordinal));
        return LastNorm().Replace(ours, "$1.final_norm.");
    }

    [GeneratedRegex(@"^(.*)in_proj_(weight|bias)$")]
    private static partial Regex Fused();

    [GeneratedRegex(@"(query|key|value|out_proj)\.(weight|bias)$")]
    private static partial Regex AttentionPath();

    [GeneratedRegex(@"^(encoder|decoder)\.norm\.")]
    private static partial Regex LastNorm();
}
