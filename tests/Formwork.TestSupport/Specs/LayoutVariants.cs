using Formwork.Compiler.Layouts;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.TestSupport.Specs;

/// <summary>What real checkpoints do to a layout, each on its own and together.</summary>
public static class LayoutVariants
{
    /// <summary>Every matrix of every layer stored (in, out), as GPT-2's are.</summary>
    public static WeightLayout WithTransposedLayers(this WeightLayout layout) =>
        layout.Change(entry => entry.Parameter.StartsWith("layers.", StringComparison.Ordinal) ? entry with { Transposed = true } : entry);

    /// <summary>Rows of queries and keys stored in this pairing, whatever the spec's is.</summary>
    public static WeightLayout WithPairing(this WeightLayout layout, RotaryPairing pairing) =>
        layout.Change(entry => IsOf(entry, "query") || IsOf(entry, "key") || IsOf(entry, "key_value_down") ? entry with { Pairing = pairing } : entry);

    /// <summary>A prefix before every name.</summary>
    public static WeightLayout WithPrefixes(this WeightLayout layout, params string[] prefixes) =>
        layout with { Prefixes = prefixes.ToEquatableArray() };

    /// <summary>These projections in one tensor of this name, <c>{layer}</c> in it; their weights, or also their biases.</summary>
    public static WeightLayout WithFused(this WeightLayout layout, string tensor, bool biases, params string[] projections) =>
        layout.Change(entry =>
        {
            int part = Array.FindIndex(projections, projection => IsOf(entry, projection));
            string kind = entry.Parameter[(entry.Parameter.LastIndexOf('.') + 1)..];
            if (part < 0 || (kind == "bias" && !biases))
                return entry;
            var fused = projections.Select(projection => entry.Parameter.Replace($".{projections[part]}.", $".{projection}.")).ToEquatableArray();
            return entry with { Tensor = $"{tensor}.{kind}", Part = part, FusedParts = fused };
        });

    /// <summary>Rows of fused gates that take turns.</summary>
    public static WeightLayout WithRowsInTurn(this WeightLayout layout) =>
        layout.Change(entry => entry with { Alternating = entry.Part is not null && entry.Parameter.Contains("feed_forward", StringComparison.Ordinal) });

    /// <summary>Rows of fused queries, keys and values head by head.</summary>
    public static WeightLayout WithRowsByHead(this WeightLayout layout) => layout.Change(entry => entry with { ByHead = entry.Part is not null });

    /// <summary>A tensor for each expert, and not one for all.</summary>
    public static WeightLayout WithTensorPerExpert(this WeightLayout layout) =>
        layout.Change(entry => entry with { Tensor = entry.Tensor.Replace(".experts.", ".experts.{expert}.") });

    /// <summary>Gate and up of the experts in one tensor; their weights, or also their biases.</summary>
    public static WeightLayout WithFusedExperts(this WeightLayout layout, bool biases) => layout.Change(entry =>
    {
        string[] parts = new[] { "gate", "up" }.Select(projection => $"layers.feed_forward.experts.{projection}.").ToArray();
        int part = Array.FindIndex(parts, name => entry.Parameter.StartsWith(name, StringComparison.Ordinal));
        if (part < 0 || (entry.Parameter.EndsWith(".bias", StringComparison.Ordinal) && !biases))
            return entry;
        string kind = entry.Parameter[parts[part].Length..];
        return entry with
        {
            Tensor = entry.Tensor.Replace(part == 0 ? ".gate." : ".up.", ".gate_up."), Part = part, FusedParts = parts.Select(name => name + kind).ToEquatableArray(),
        };
    });

    private static WeightLayout Change(this WeightLayout layout, Func<LayoutEntry, LayoutEntry> change) =>
        layout with { Name = "variant", Entries = layout.Entries.Select(change).ToEquatableArray() };

    // A cross-attention's and an expert's projections are tensors of their own.
    private static bool IsOf(LayoutEntry entry, string projection) => entry.Parameter.Contains($".{projection}.", StringComparison.Ordinal)
        && !entry.Parameter.Contains("cross_attention", StringComparison.Ordinal) && !entry.Parameter.Contains("experts", StringComparison.Ordinal)
        && !entry.Parameter.Contains("shared", StringComparison.Ordinal) && entry.Parameter.StartsWith("layers.", StringComparison.Ordinal);
}
