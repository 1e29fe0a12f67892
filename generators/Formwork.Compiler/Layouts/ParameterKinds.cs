namespace Formwork.Compiler.Layouts;

/// <summary>The kinds of parameter that a model can have, by their names without the layer's number: what a layout gives tensors for.</summary>
public static class ParameterKinds
{
    // A model of two stacks has everything of a stack twice.
    private static readonly string[] Stacks = ["", "encoder.", "decoder."];

    private static readonly string[] Norms =
    [
        "attention.norm", "attention.output_norm", "attention.query_norm", "attention.key_norm",
        "cross_attention.norm", "cross_attention.output_norm", "cross_attention.query_norm", "cross_attention.key_norm",
        "feed_forward.norm", "feed_forward.output_norm",
    ];

    private static readonly string[] Projections =
    [
        "attention.query", "attention.key", "attention.value", "attention.output",
        "cross_attention.query", "cross_attention.key", "cross_attention.value", "cross_attention.output",
        "feed_forward.gate", "feed_forward.up", "feed_forward.down",
        "feed_forward.router", "feed_forward.experts.gate", "feed_forward.experts.up", "feed_forward.experts.down",
    ];

    private static readonly string[] WithoutBias =
    [
        "attention.query_down.weight", "attention.query_down_norm.weight", "attention.key_value_down.weight", "attention.key_value_norm.weight",
        "attention.key_value_up.weight", "attention.sinks", "cross_attention.sinks", "feed_forward.router.selection_bias",
        "feed_forward.shared.gate.weight", "feed_forward.shared.up.weight", "feed_forward.shared.down.weight", "feed_forward.shared_gate.weight",
    ];

    private static readonly string[] OfStack =
    [
        "embedding.token", "embedding.position", "embedding.token_type", "relative_bias", .. WithBias(["embedding.norm", "final_norm"]),
        .. WithBias(Projections.Concat(Norms)).Concat(WithoutBias).Select(name => $"layers.{name}"),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Stacks.SelectMany(stack => OfStack.Select(name => stack + name)),
        .. WithBias(["unembedding", "unembedding.transform", "unembedding.norm", "pooler", "pooler.norm", "classifier"]),
    ];

    /// <summary>Whether there is one a layer.</summary>
    public static bool IsLayered(string kind) => kind.StartsWith("layers.", StringComparison.Ordinal) || kind.Contains(".layers.");

    /// <summary>Whether there is one an expert.</summary>
    public static bool IsOfExpert(string kind) => kind.Contains(".experts.");

    /// <summary>Whether it is a matrix, and not a vector.</summary>
    public static bool IsMatrix(string kind) => !kind.EndsWith("norm.weight", StringComparison.Ordinal)
        && (kind.EndsWith(".weight", StringComparison.Ordinal) || kind.Contains("embedding.token") || kind.Contains("embedding.position") || kind.Contains("relative_bias"));

    /// <summary>Whether its rows are those of rotated heads, so that a pairing means something.</summary>
    public static bool IsPaired(string kind) => kind.Contains("layers.attention.query.") || kind.Contains("layers.attention.key.")
        || kind.Contains("layers.attention.key_value_down.") || kind.Contains("layers.attention.query_norm.") || kind.Contains("layers.attention.key_norm.");

    private static IEnumerable<string> WithBias(IEnumerable<string> names) => names.SelectMany(name => new[] { $"{name}.weight", $"{name}.bias" });
}
