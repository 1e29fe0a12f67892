using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Planning;

/// <summary>
/// Places activation buffers in one arena by liveness: a buffer's place is free again after the last step that reads it. First fit,
/// in the order of first writing.
/// </summary>
internal sealed class BufferPlanner
{
    private readonly List<Value> _values = [];

    /// <summary>A value that steps write and read, before it has a place.</summary>
    public sealed class Value(string name, int width)
    {
        public string Name => name;

        public int Width => width;

        public int FirstStep { get; set; } = int.MaxValue;

        public int LastStep { get; set; } = -1;

        public void UsedBy(int step)
        {
            FirstStep = Math.Min(FirstStep, step);
            LastStep = Math.Max(LastStep, step);
        }
    }

    public Value New(string name, int width)
    {
        var value = new Value(name, width);
        _values.Add(value);
        return value;
    }

    /// <summary>Gives every value its place.</summary>
    public IReadOnlyDictionary<Value, PlannedBuffer> Place(out int floats)
    {
        var placed = new Dictionary<Value, PlannedBuffer>();
        floats = 0;
        foreach (Value value in _values.OrderBy(value => value.FirstStep))
        {
            int stride = Kernel.Padded(value.Width), offset = 0;
            IEnumerable<PlannedBuffer> living = placed.Values
                .Where(other => other.FirstStep <= value.LastStep && value.FirstStep <= other.LastStep)
                .OrderBy(other => other.Offset);
            foreach (PlannedBuffer other in living)
            {
                if (offset + stride <= other.Offset)
                    break;
                offset = Math.Max(offset, other.Offset + other.Stride);
            }
            placed.Add(value, new PlannedBuffer(value.Name, value.Width, stride, offset, value.FirstStep, value.LastStep));
            floats = Math.Max(floats, offset + stride);
        }
        return placed;
    }
}
