using Formwork.Benchmarks.Workloads;
using Formwork.Training.Data;
using static TorchSharp.torch;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>A GPT that learns from batch after batch.</summary>
internal sealed class LibtorchGptStudent(TrainingShape shape, Func<string, int, int, float[]> values) : LibtorchLearningGpt(shape, values), ILibtorchStudent
{
    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Parameters => Weights;

    /// <inheritdoc/>
    /// <remarks>Padding stands behind a sequence, where causal attention does not see it.</remarks>
    public Tensor Logits(TrainingBatch batch, bool dropping)
    {
        using var scope = NewDisposeScope();
        var (tokens, lengths, _) = batch.Target;
        var logits = Logits(LibtorchPadding.Pad(tokens, lengths, 0)).flatten(0, 1);
        return (batch.OutputRows.Length == logits.shape[0] ? logits : logits.index_select(0, LibtorchPadding.Rows(batch.OutputRows, lengths))).MoveToOuterDisposeScope();
    }
}
