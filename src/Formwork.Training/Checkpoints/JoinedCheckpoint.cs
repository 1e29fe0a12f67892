using Formwork.Runtime.Weights;

namespace Formwork.Training.Checkpoints;

/// <summary>Several checkpoints of different names as one.</summary>
internal sealed class JoinedCheckpoint : Checkpoint
{
    private readonly Dictionary<string, TensorInfo> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Checkpoint> _parts = new(StringComparer.Ordinal);

    public JoinedCheckpoint(params IReadOnlyCollection<Checkpoint> parts)
        : base(string.Join(" and ", parts.Select(part => part.Path)))
    {
        foreach (Checkpoint part in parts)
        {
            foreach (TensorInfo tensor in part.Tensors.Values)
            {
                _tensors.Add(tensor.Name, tensor);
                _parts.Add(tensor.Name, part);
            }
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (Checkpoint part in _parts.Values.Distinct())
            part.Dispose();
    }

    /// <inheritdoc/>
    protected internal override void ReadElements(TensorInfo tensor, long first, Span<float> destination) => _parts[tensor.Name].ReadElements(tensor, first, destination);
}
