namespace Formwork.Compiler.Layouts;

/// <summary>The kinds of parameter that a model can have, by their names without the layer's number: what a layout gives tensors for.</summary>
public static class ParameterKinds
{
    private static readonly string[] Norms = ["attention.norm", "attention.output_norm", "feed_forward.norm", "feed_forward.output_norm"];
    private static readonly string[] Projections =
    [
        "attention.query", "attention.key", "attention.value", "attention.output",
        "feed_forward.gate", "feed_forward.up", "feed_forward.down",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "embedding.token",
        "embedding.position",
        .. Projections.Concat(Norms).SelectMany(name => new[] { $"layers.{name}.weight", $"layers.{name}.bias" }),
        "final_norm.weight",
        "final_norm.bias",
        "unembedding.weight",
        "unembedding.bias",
    ];

    /// <summary>Whether there is one a layer.</summary>
    public static bool IsLayered(string kind) => kind.StartsWith("layers.", StringComparison.Ordinal);

    /// <summary>Whether it is a matrix, and not a vector.</summary>
    public static bool IsMatrix(string kind) => kind.StartsWith("embedding.", StringComparison.Ordinal)
        || (kind.EndsWith(".weight", StringComparison.Ordinal) && !kind.EndsWith("norm.weight", StringComparison.Ordinal));

    /// <summary>Whether its rows are those of rotated heads, so that a pairing means something.</summary>
    public static bool IsPaired(string kind) =>
        kind.StartsWith("layers.attention.query.", StringComparison.Ordinal) || kind.StartsWith("layers.attention.key.", StringComparison.Ordinal);
}
