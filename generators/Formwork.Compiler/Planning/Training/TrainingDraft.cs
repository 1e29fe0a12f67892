using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Planning.Training;

/// <summary>A training pass that is being planned: its steps so far, and the buffers that they use.</summary>
/// <param name="others">The kernels of the passes that infer, which the same model has.</param>
internal sealed class TrainingDraft(IEnumerable<Kernel> others)
{
    private readonly Dictionary<TrainingMemory, BufferPlanner> _planners = new()
    {
        [TrainingMemory.Target] = new BufferPlanner(),
        [TrainingMemory.Source] = new BufferPlanner(),
        [TrainingMemory.Head] = new BufferPlanner(),
    };

    private readonly Dictionary<BufferPlanner.Value, TrainingMemory> _memories = [];
    private readonly List<(string Path, TrainingPhase Phase, Kernel Kernel, Argument[] Arguments)> _steps = [];
    private readonly Dictionary<string, List<Kernel>> _names = others.ToDictionary(kernel => kernel.Name, kernel => new List<Kernel> { kernel });

    /// <summary>An argument before buffers have places.</summary>
    public readonly record struct Argument(BufferPlanner.Value? Value, int Column, string Text)
    {
        public static implicit operator Argument(string text) => new(null, 0, text);

        public static implicit operator Argument(Place place) => new(place.Buffer, place.Column, "");
    }

    /// <summary>When the next steps are done.</summary>
    public TrainingPhase Phase { get; set; }

    /// <summary>The memory of values that have a row for each of these.</summary>
    public static TrainingMemory MemoryOf(Dimension rows) =>
        rows == Dimension.SourceTokens ? TrainingMemory.Source
        : rows == Dimension.Outputs || rows == Dimension.Sequences ? TrainingMemory.Head
        : TrainingMemory.Target;

    /// <summary>How many rows there are, in the emitted code.</summary>
    public static string RowCount(Dimension rows) => MemoryOf(rows) switch
    {
        TrainingMemory.Source => "pass.Source.Rows",
        TrainingMemory.Head => "pass.HeadRows",
        _ => "pass.Target.Rows",
    };

    /// <summary>A buffer.</summary>
    public BufferPlanner.Value New(string role, int width, Dimension rows)
    {
        TrainingMemory memory = MemoryOf(rows);
        BufferPlanner.Value value = _planners[memory].New(role, width);
        _memories.Add(value, memory);
        return value;
    }

    /// <summary>Adds a step.</summary>
    public void Step(string path, Kernel kernel, params Argument[] arguments)
    {
        foreach (Argument argument in arguments)
            argument.Value?.UsedBy(_steps.Count);
        _steps.Add((path, Phase, kernel, arguments));
    }

    /// <summary>Tells apart kernels that compute the same of operands that lie otherwise.</summary>
    public Ops.ElementwiseKernel Named(Ops.ElementwiseKernel kernel)
    {
        string name = kernel.Name;
        if (!_names.TryGetValue(name, out List<Kernel>? known))
            _names.Add(name, known = []);
        int variant = known.IndexOf(kernel);
        if (variant < 0)
        {
            variant = known.Count;
            known.Add(kernel);
        }
        return kernel with { Variant = variant };
    }

    /// <summary>Places the buffers.</summary>
    public (IReadOnlyList<TrainingStep> Steps, IReadOnlyList<TrainingBuffer> Buffers) Finish()
    {
        KeepForTheHead();
        var buffers = new Dictionary<BufferPlanner.Value, TrainingBuffer>();
        foreach ((TrainingMemory memory, BufferPlanner planner) in _planners.Select(entry => (entry.Key, entry.Value)))
        {
            foreach (KeyValuePair<BufferPlanner.Value, PlannedBuffer> placed in planner.Place(out _))
                buffers.Add(placed.Key, new TrainingBuffer(placed.Key.Name, memory, placed.Value));
        }
        TrainingStep[] steps = _steps
            .Select(step => new TrainingStep(step.Path, step.Phase, step.Kernel, step.Arguments
                .Select(argument => new TrainingArgument(argument.Value is { } value ? buffers[value] : null, argument.Column, argument.Text)).ToArray()))
            .ToArray();
        return (steps, buffers.Values.ToArray());
    }

    /// <summary>The head's steps run several times, so what they read or write outside the head lives through all of them.</summary>
    private void KeepForTheHead()
    {
        int[] head = Enumerable.Range(0, _steps.Count).Where(step => _steps[step].Phase is TrainingPhase.Head or TrainingPhase.HeadBackward).ToArray();
        if (head.Length == 0)
            return;
        foreach (BufferPlanner.Value value in head.SelectMany(step => _steps[step].Arguments).Select(argument => argument.Value).OfType<BufferPlanner.Value>())
        {
            value.UsedBy(head[0]);
            value.UsedBy(head[head.Length - 1]);
        }
    }
}
