using Formwork.Compiler.Layouts;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.CSharp;

/// <summary>Where every parameter lies: offsets as named constants, and the table that fills them from a checkpoint.</summary>
internal static class WeightsFile
{
    public static string Emit(ModelPlan plan)
    {
        ModelSpec spec = plan.Graph.Spec;
        CodeWriter writer = GeneratedHeader.Begin(spec, "where the weights lie", nullable: true, "Formwork.Runtime.Weights");
        using (writer.Block($"public sealed unsafe partial class {spec.Name}"))
        {
            writer.Lines("// Offsets in the packed weights, in floats.");
            foreach (PlannedWeight weight in plan.Weights)
                writer.Lines($"private const long {Names.CSharp(weight.Path)} = {weight.Offset};");
            writer.Line();
            EmitTable(writer, plan);
        }
        return writer.ToString();
    }

    private static void EmitTable(CodeWriter writer, ModelPlan plan)
    {
        // A method a layer: the slots of a deep model would be more than the runtime compiles well in one.
        var groups = plan.Weights.GroupBy(weight => Group(weight.Path)).Select(group => (Name: $"{Names.CSharp(group.Key)}Slots", Weights: group.ToArray())).ToArray();
        WeightLayout layout = plan.Graph.Spec.Weights;
        string slots = string.Join(", ", groups.Select(group => $".. {group.Name}()"));
        writer.Lines($"private static WeightTable WeightSlots() => new(");
        writer.Lines($"    {CSharpLiteral.String(plan.Graph.Spec.Name)}, {CSharpLiteral.String(layout.Name)}, {Strings(layout.Prefixes)}, [{slots}], {Strings(layout.Ignored)}, {plan.WeightFloats});");
        foreach ((string name, PlannedWeight[] weights) in groups)
        {
            writer.Line();
            using IDisposable method = writer.Block($"private static WeightSlot[] {name}() => new WeightSlot[]", "};");
            foreach (PlannedWeight weight in weights)
            {
                foreach (PlannedSlot slot in weight.Slots)
                    writer.Lines($"{Slot(weight, slot)},");
            }
        }
    }

    /// <summary>The layer that a block is of, or the part of the model.</summary>
    private static string Group(string path)
    {
        string[] parts = path.Split('.');
        int layers = Array.IndexOf(parts, "layers");
        return layers >= 0 ? string.Join(".", parts.Take(layers + 2)) : parts[0] is "encoder" or "decoder" ? string.Join(".", parts.Take(2)) : parts[0];
    }

    private static string Slot(PlannedWeight weight, PlannedSlot slot)
    {
        string packing = slot.Panels ? "Panels" : "Dense";
        var set = new List<string>();
        if (slot.Transposed)
            set.Add("Transposed = true");
        Set(set, "TensorRow", slot.TensorRow);
        Set(set, "TensorRows", slot.TensorRows);
        if (slot.Alternating)
            set.Add("Alternating = true");
        Set(set, "ByHead", slot.ByHead);
        Set(set, "Experts", slot.Experts);
        Set(set, "ExpertStride", slot.ExpertStride);
        Set(set, "PackedRow", slot.PackedRow);
        Set(set, "PanelStep", slot.PanelStep);
        Set(set, "PanelPhase", slot.PanelPhase);
        Set(set, "PermutedHeadWidth", slot.PermutedHeadWidth);
        Set(set, "PermutedRotaryWidth", slot.PermutedRotaryWidth);
        Set(set, "PermutedStart", slot.PermutedStart);
        if (slot.PermutedToInterleaved)
            set.Add("PermutedToInterleaved = true");
        if (slot.UnitOffset)
            set.Add("UnitOffset = true");
        string initializer = set.Count == 0 ? "" : $" {{ {string.Join(", ", set)} }}";
        return $"new({CSharpLiteral.String(slot.Parameter.Name)}, {CSharpLiteral.String(slot.Tensor)}, {slot.Rows}, {slot.Columns}, {Names.CSharp(weight.Path)}, WeightPacking.{packing}){initializer}";
    }

    private static void Set(List<string> set, string property, long value)
    {
        if (value != 0)
            set.Add($"{property} = {value}");
    }

    private static string Strings(IEnumerable<string> values) => $"new string[] {{ {string.Join(", ", values.Select(value => CSharpLiteral.String(value)))} }}";
}
