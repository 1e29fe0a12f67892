using System.Text;
using Formwork.Compiler.Layouts;
using Formwork.Compiler.Spec.Keys;
using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec;

/// <summary>Prints a spec's <c>weights</c>.</summary>
internal static class LayoutPrinter
{
    /// <summary>The key with the layout's name, or with all of a layout that has none.</summary>
    public static string PrintWeights(WeightLayout layout)
    {
        if (KnownLayouts.Find(layout.Name) == layout)
            return $"weights: {new YamlFlow { { "layout", layout.Name } }}\n";
        var text = new StringBuilder("weights:\n");
        text.Append($"  prefixes: {YamlFlow.List(layout.Prefixes.Select(YamlFlow.Text))}\n");
        text.Append("  tensors:\n");
        foreach (LayoutEntry entry in layout.Entries.Where(entry => entry.Part is null or 0))
            text.Append($"    {Key(entry)}: {Value(entry, layout)}\n");
        text.Append($"  ignored: {YamlFlow.List(layout.Ignored.Select(YamlFlow.Text))}\n");
        return text.ToString();
    }

    // layers.attention.query.weight, layers.attention.key.weight → layers.attention.query+key.weight: the parts differ in one word.
    private static string Key(LayoutEntry entry)
    {
        if (entry.Part is null)
            return entry.Parameter;
        string[][] parts = entry.FusedParts.Select(part => part.Split('.')).ToArray();
        return string.Join(".", parts[0].Select((_, at) => string.Join("+", parts.Select(part => part[at]).Distinct())));
    }

    private static string Value(LayoutEntry entry, WeightLayout layout)
    {
        RotaryPairing? pairing = entry.Part is null
            ? entry.Pairing
            : layout.Entries.FirstOrDefault(part => part.Tensor == entry.Tensor && part.Pairing is not null)?.Pairing;
        if (!entry.Transposed && pairing is null && !entry.Alternating && !entry.ByHead)
            return YamlFlow.Text(entry.Tensor);
        var flow = new YamlFlow { { "tensor", YamlFlow.Text(entry.Tensor) } };
        if (entry.Transposed)
            flow.Add("transposed", true);
        if (pairing is { } known)
            flow.Add("pairing", SpecNames.Pairings.Name(known));
        if (entry.Alternating)
            flow.Add("alternating", true);
        if (entry.ByHead)
            flow.Add("by_head", true);
        return flow.ToString();
    }
}
