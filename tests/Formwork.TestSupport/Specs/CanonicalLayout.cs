using Formwork.Compiler.Layouts;
using Formwork.Compiler.Text;

namespace Formwork.TestSupport.Specs;

/// <summary>The layout in which every tensor has its parameter's own name and order.</summary>
public static class CanonicalLayout
{
    private static readonly string[] LayerParameters =
    [
        "attention.norm", "attention.query", "attention.key", "attention.value", "attention.output", "attention.output_norm",
        "feed_forward.norm", "feed_forward.gate", "feed_forward.up", "feed_forward.down", "feed_forward.output_norm",
    ];

    /// <summary>The layout.</summary>
    public static WeightLayout Value { get; } = new("formwork", new[] { "" }.ToEquatableArray(), Entries().ToEquatableArray(), default);

    private static IEnumerable<LayoutEntry> Entries()
    {
        string[] single = ["embedding.token", "embedding.position", "final_norm.weight", "final_norm.bias", "unembedding.weight", "unembedding.bias"];
        IEnumerable<LayoutEntry> whole = single.Select(name => new LayoutEntry(name, name, false, null, null, default));
        return whole.Concat(
            from part in LayerParameters
            from kind in new[] { "weight", "bias" }
            select new LayoutEntry($"layers.{part}.{kind}", $"layers.{{layer}}.{part}.{kind}", false, null, null, default));
    }
}
