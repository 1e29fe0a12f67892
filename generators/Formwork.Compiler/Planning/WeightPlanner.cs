using System.Globalization;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Layouts;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Planning;

/// <summary>Gives every parameter its place among the packed weights, and finds its tensor in the checkpoint's layout.</summary>
internal sealed class WeightPlanner(ModelGraph graph)
{
    private readonly Dictionary<string, PlannedWeight> _planned = [];
    private readonly Dictionary<string, LayoutEntry> _entries = graph.Spec.Weights.Entries.ToDictionary(entry => entry.Parameter);
    private readonly Dictionary<string, Node> _parameters = graph.Parameters.ToDictionary(parameter => parameter.Name);
    private readonly HashSet<Node> _offsetGains = new(graph.Nodes
        .Where(node => node.Operation is LayerNorm { UnitOffset: true } or RmsNorm { UnitOffset: true }).Select(node => node.Inputs[1]));
    private long _length;

    /// <summary>Floats of all packed weights so far.</summary>
    public long Length => _length;

    /// <summary>The blocks, in order.</summary>
    public IReadOnlyList<PlannedWeight> Blocks => _planned.Values.OrderBy(block => block.Offset).ToArray();

    /// <summary>A matrix or vector read row by row: embedding tables, gains.</summary>
    public PlannedWeight Dense(Node parameter)
    {
        (int rows, int columns) = parameter.Shape.Rank == 2
            ? (parameter.Shape.Dimensions[0].Size, parameter.Shape.Width)
            : (1, parameter.Shape.Width);
        return Block(parameter.Name, (long)rows * Kernel.Padded(columns), () => [Slot(parameter, rows, columns, panels: false)]);
    }

    /// <summary>Matrices of one product, their rows one after the other; or, with <paramref name="columns"/> 1, their biases.</summary>
    public PlannedWeight Panels(string path, IReadOnlyList<Node?> parameters, IReadOnlyList<int> rows, int columns)
    {
        return Block(path, (long)Kernel.Padded(rows.Sum()) * columns, () =>
        {
            var slots = new List<PlannedSlot>();
            for (int index = 0, row = 0; index < parameters.Count; row += rows[index++])
            {
                if (parameters[index] is { } parameter)
                    slots.Add(Slot(parameter, rows[index], columns, panels: true) with { PackedRow = row });
            }
            return slots;
        });
    }

    /// <summary>Gate and up of one gated product, panel by panel in turn; or, with <paramref name="columns"/> 1, their biases.</summary>
    public PlannedWeight AlternatingPanels(string path, IReadOnlyList<Node?> parameters, int rows, int columns)
    {
        return Block(path, (long)Kernel.Padded(rows) * parameters.Count * columns, () => parameters
            .Select((parameter, phase) => parameter is null
                ? null
                : Slot(parameter, rows, columns, panels: true) with { PanelStep = parameters.Count, PanelPhase = phase })
            .OfType<PlannedSlot>()
            .ToArray());
    }

    /// <summary>
    /// Of each expert the panels of one matrix, or of gate and up in turn, expert after expert; or, with <paramref name="columns"/> 1, their
    /// biases.
    /// </summary>
    public PlannedWeight ExpertPanels(string path, IReadOnlyList<Node?> parameters, int experts, int rows, int columns)
    {
        long stride = (long)Kernel.Padded(rows) * parameters.Count * columns;
        return Block(path, experts * stride, () => parameters
            .Select((parameter, phase) => parameter is null
                ? null
                : Slot(parameter, rows, columns, panels: true) with
                {
                    PanelStep = parameters.Count == 1 ? 0 : parameters.Count,
                    PanelPhase = phase,
                    Experts = experts,
                    ExpertStride = stride,
                })
            .OfType<PlannedSlot>()
            .ToArray());
    }

    private PlannedWeight Block(string path, long length, Func<IReadOnlyList<PlannedSlot>> slots)
    {
        if (_planned.TryGetValue(path, out PlannedWeight? known))
            return known;
        var block = new PlannedWeight(path, _length, length, slots());
        _planned.Add(path, block);
        _length += (length + Kernel.Lanes - 1) / Kernel.Lanes * Kernel.Lanes;
        return block;
    }

    private PlannedSlot Slot(Node parameter, int rows, int columns, bool panels)
    {
        string kind = Names.WithoutLayer(parameter.Name, out int? layer);
        LayoutEntry entry = _entries[kind];
        string tensor = entry.Tensor.Replace("{layer}", layer?.ToString(CultureInfo.InvariantCulture));
        var slot = new PlannedSlot(parameter, tensor, rows, columns, panels)
        {
            Transposed = entry.Transposed && columns > 1,
            UnitOffset = _offsetGains.Contains(parameter),
        };
        if (entry.Part is { } part)
        {
            int[] fused = entry.FusedParts.Select(name => RowsOf(name, layer)).ToArray();
            slot = slot with
            {
                TensorRow = fused.Take(part).Sum(),
                TensorRows = fused.Sum(),
                Alternating = entry.Alternating,
                ByHead = entry.ByHead && layer is { } number ? Layer(kind, number).Attention.KeyValueHeads : 0,
            };
        }
        return Permuted(slot, kind, layer, entry);
    }

    private PlannedSlot Permuted(PlannedSlot slot, string kind, int? layer, LayoutEntry entry)
    {
        if (entry.Pairing is not { } stored || layer is not { } number || Layer(kind, number).Attention is not { Rotary: { } rotary } attention || stored == rotary.Pairing)
            return slot;
        slot = slot with { PermutedRotaryWidth = rotary.Width, PermutedToInterleaved = rotary.Pairing == RotaryPairing.Interleaved };
        if (kind.Contains("layers.attention.key_value_down."))
            return slot with { PermutedHeadWidth = slot.Rows, PermutedStart = slot.Rows - rotary.Width };
        if (kind.Contains("layers.attention.query.") || kind.Contains("layers.attention.key."))
            return slot with { PermutedHeadWidth = attention.HeadWidth, PermutedStart = attention.Latent is null ? 0 : attention.HeadWidth - rotary.Width };
        return slot with { PermutedRotaryWidth = 0, PermutedToInterleaved = false };
    }

    private LayerSpec Layer(string kind, int number)
    {
        ModelSpec spec = graph.Spec;
        return (kind.StartsWith("encoder.", StringComparison.Ordinal) ? spec.Encoder : spec.Decoder ?? spec.Encoder)!.Layers[number];
    }

    /// <summary>Rows of a parameter that a fused tensor has before or after another.</summary>
    private int RowsOf(string kind, int? layer)
    {
        string name = layer is { } number ? kind.Replace("layers.", FormattableString.Invariant($"layers.{number}.")) : kind;
        // A bias that this model has no parameter for has as many rows as its weight.
        if (!_parameters.TryGetValue(name, out Node? parameter) && !_parameters.TryGetValue(name.Replace(".bias", ".weight"), out parameter))
            throw new InvalidOperationException($"{name} is no parameter of {graph.Spec.Name}");
        return parameter.Shape.Dimensions[ParameterKinds.IsOfExpert(kind) ? 1 : 0].Size;
    }
}
