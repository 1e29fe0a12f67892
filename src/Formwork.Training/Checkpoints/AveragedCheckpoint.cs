using Formwork.Runtime;
using Formwork.Runtime.Weights;

namespace Formwork.Training.Checkpoints;

/// <summary>
/// The mean of several checkpoints of one model, number by number, summed in float64: what Vaswani et al. 2017 (section 6.1) evaluate. It is
/// read like any checkpoint, and written by <see cref="SafetensorsWriter"/>.
/// </summary>
public sealed class AveragedCheckpoint : Checkpoint
{
    private readonly Checkpoint[] _parts;

    /// <summary>Opens the checkpoints, files or folders.</summary>
    /// <exception cref="InvalidInputException">There is none, one is not sound, or they are not of one model.</exception>
    public AveragedCheckpoint(IReadOnlyList<string> paths)
        : base($"the mean of {paths.Count} checkpoints")
    {
        if (paths.Count == 0)
            throw new InvalidInputException("checkpoints to average", null, "none", "at least one", "Name some.");
        var parts = new List<Checkpoint>();
        try
        {
            foreach (string path in paths)
            {
                parts.Add(Open(path));
                Compare(parts[0], parts[^1]);
            }
        }
        catch
        {
            parts.ForEach(part => part.Dispose());
            throw;
        }
        _parts = [.. parts];
        Tensors = _parts[0].Tensors.ToDictionary(entry => entry.Key, entry => entry.Value with { Type = TensorType.F32 }, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (Checkpoint part in _parts)
            part.Dispose();
    }

    /// <inheritdoc/>
    protected internal override void ReadElements(TensorInfo tensor, long first, Span<float> destination)
    {
        var sums = new double[destination.Length];
        foreach (Checkpoint part in _parts)
        {
            part.ReadElements(part.Tensors[tensor.Name], first, destination);
            for (int i = 0; i < sums.Length; i++)
                sums[i] += destination[i];
        }
        for (int i = 0; i < sums.Length; i++)
            destination[i] = (float)(sums[i] / _parts.Length);
    }

    private static void Compare(Checkpoint first, Checkpoint other)
    {
        foreach (TensorInfo tensor in first.Tensors.Values)
        {
            if (!other.Tensors.TryGetValue(tensor.Name, out TensorInfo? found) || !found.Shape.SequenceEqual(tensor.Shape))
                throw new InvalidInputException(other.Path, tensor.Name, found is null ? "no such tensor" : $"shape {found.ShapeText}",
                    $"{tensor.ShapeText}, as in {first.Path}", "Average checkpoints of one run.");
        }
        if (other.Tensors.Keys.FirstOrDefault(name => !first.Tensors.ContainsKey(name)) is { } surplus)
            throw new InvalidInputException(other.Path, surplus, "this tensor", $"only those of {first.Path}", "Average checkpoints of one run.");
    }
}
