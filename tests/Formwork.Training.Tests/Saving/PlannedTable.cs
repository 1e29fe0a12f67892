using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Weights;

namespace Formwork.Training.Tests.Saving;

/// <summary>A plan's weights as the table that its emitted code has, without the time that compiling takes.</summary>
internal static class PlannedTable
{
    public static WeightTable Of(ModelPlan plan)
    {
        ModelSpec spec = plan.Graph.Spec;
        WeightSlot[] slots = [.. plan.Weights.SelectMany(weight => weight.Slots.Select(slot => Of(slot, weight.Offset)))];
        return new WeightTable(spec.Name, spec.Weights.Name, [.. spec.Weights.Prefixes], slots, [.. spec.Weights.Ignored], plan.WeightFloats);
    }

    private static WeightSlot Of(PlannedSlot slot, long offset) =>
        new(slot.Parameter.Name, slot.Tensor, slot.Rows, slot.Columns, offset, slot.Panels ? WeightPacking.Panels : WeightPacking.Dense)
        {
            Transposed = slot.Transposed,
            TensorRow = slot.TensorRow,
            TensorRows = slot.TensorRows,
            Alternating = slot.Alternating,
            ByHead = slot.ByHead,
            Experts = slot.Experts,
            ExpertStride = slot.ExpertStride,
            PackedRow = slot.PackedRow,
            PanelStep = slot.PanelStep,
            PanelPhase = slot.PanelPhase,
            PermutedHeadWidth = slot.PermutedHeadWidth,
            PermutedRotaryWidth = slot.PermutedRotaryWidth,
            PermutedStart = slot.PermutedStart,
            PermutedToInterleaved = slot.PermutedToInterleaved,
            UnitOffset = slot.UnitOffset,
        };
}
