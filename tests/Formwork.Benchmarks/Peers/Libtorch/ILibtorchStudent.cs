using Formwork.Benchmarks.SideBySide;
using Formwork.Training.Data;
using static TorchSharp.torch;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>A model of libtorch's that learns from the batches that ours learns from.</summary>
internal interface ILibtorchStudent : IContender
{
    /// <summary>Its weights.</summary>
    IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>(output rows, vocabulary): the logits of the rows that have something to foretell.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="dropping">Whether dropout drops.</param>
    Tensor Logits(TrainingBatch batch, bool dropping);
}
