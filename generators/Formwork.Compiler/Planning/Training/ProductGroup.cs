using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Planning.Training;

/// <summary>Linear nodes that are one product: their weights lie in one block, and they read the same value.</summary>
internal sealed class ProductGroup(PlannedWeight weight, PlannedWeight? bias, Node input, IReadOnlyList<Node> members)
{
    private readonly Dictionary<string, PlannedSlot> _slots = weight.Slots.ToDictionary(slot => slot.Parameter.Name);

    public PlannedWeight Weight => weight;

    public PlannedWeight? Bias => bias;

    public Node Input => input;

    public IReadOnlyList<Node> Members => members;

    /// <summary>Members whose derivative by the weight has been reached.</summary>
    public int Reached { get; set; }

    /// <summary>The buffer of what flows back to the results; null where there is one result, which says itself where that is.</summary>
    public BufferPlanner.Value? GradientBuffer { get; set; }

    /// <summary>What flows back to the results, once it lies as the results do.</summary>
    public Place? Gradient { get; set; }

    /// <summary>Numbers of a row of all results.</summary>
    public int Width => weight.Slots.Max(slot => slot.PanelStep > 1 ? Kernel.Padded(slot.Rows) * slot.PanelStep : slot.PackedRow + slot.Rows);

    /// <summary>Where a member's result lies in a buffer of all results.</summary>
    public Place PlaceOf(Node member, BufferPlanner.Value buffer)
    {
        PlannedSlot slot = _slots[member.Inputs[1].Name];
        return slot.PanelStep > 1 ? new Place(buffer, slot.PanelPhase * Kernel.Lanes, Alternates: true) : new Place(buffer, slot.PackedRow);
    }
}
