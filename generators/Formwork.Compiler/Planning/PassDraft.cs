using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Planning;

/// <summary>A pass that is being planned: its steps so far, and where the values of nodes lie.</summary>
/// <param name="name">The pass.</param>
/// <param name="spec">The model.</param>
/// <param name="keeps">Whether its keys and values outlive it.</param>
internal sealed class PassDraft(string name, ModelSpec spec, bool keeps)
{
    private readonly List<Draft> _drafts = [];
    private readonly BufferPlanner _buffers = new();
    private readonly Dictionary<int, BufferPlanner.Value> _values = [];

    private sealed record Draft(PlanStep Step, BufferPlanner.Value? Input, BufferPlanner.Value? Output, IReadOnlyList<BufferPlanner.Value> Others);

    /// <summary>Where the keys and values of its layers lie.</summary>
    public CachePlanner Cache { get; } = new(shared: !keeps);

    /// <summary>The output that the next steps are for; null when every pass runs them.</summary>
    public GraphOutput? OnlyFor { get; set; }

    /// <summary>The rows that the next steps compute.</summary>
    public StepRows Rows { get; set; } = StepRows.Tokens;

    /// <summary>Where a node's value lies.</summary>
    public BufferPlanner.Value this[Node node]
    {
        get => _values.TryGetValue(node.Id, out BufferPlanner.Value? value) ? value : throw new InvalidOperationException($"{node.Name} is read before it is planned");
        set => _values[node.Id] = value;
    }

    /// <summary>A buffer for no node in particular.</summary>
    public BufferPlanner.Value New(string role, int width) => _buffers.New(role, width);

    /// <summary>A buffer for a node.</summary>
    public BufferPlanner.Value New(Node node, string role) => this[node] = New(role, node.Shape.Width);

    /// <summary>Adds a step.</summary>
    public void Step(
        string path, PassKernel kernel, BufferPlanner.Value? input, BufferPlanner.Value? output, IReadOnlyList<PlannedWeight>? weights = null,
        PlannedTable? table = null, PlannedCache? cache = null, IReadOnlyList<BufferPlanner.Value>? others = null)
    {
        foreach (BufferPlanner.Value? value in (others ?? []).Append(input!).Append(output!))
            value?.UsedBy(_drafts.Count);
        _drafts.Add(new Draft(new PlanStep(path, kernel, Rows, null, null, weights ?? [], table, cache) { OnlyFor = OnlyFor }, input, output, others ?? []));
    }

    /// <summary>Places the buffers and cuts the steps into sections.</summary>
    public PlannedPass Finish()
    {
        IReadOnlyDictionary<BufferPlanner.Value, PlannedBuffer> placed = _buffers.Place(out int floats);
        PlannedBuffer? Buffer(BufferPlanner.Value? value) => value is null ? null : placed[value];
        PlanStep[] steps = _drafts
            .Select(draft => draft.Step with { Input = Buffer(draft.Input), Output = Buffer(draft.Output), Others = draft.Others.Select(value => placed[value]).ToArray() })
            .ToArray();
        return new PlannedPass(name, SectionPlanner.Split(steps, spec, name), placed.Values.OrderBy(buffer => buffer.FirstStep).ToArray(), floats);
    }
}
