using Formwork.Libtorch.Tests.Families;
using TorchSharp;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Training;

/// <summary>Gradients by libtorch's autograd through a family's reference.</summary>
internal static class Autograd
{
    /// <summary>
    /// The summed loss of a batch and its gradient for every tensor that the reference could read, in float64 from the stored float32 numbers; 0
    /// where the loss does not follow from a tensor.
    /// </summary>
    public static (double Loss, IReadOnlyDictionary<string, double[]> Gradients) Of(FamilyReference family, LearningBatch batch)
    {
        using IDisposable recorded = enable_grad();
        Dictionary<string, Tensor> tensors = family.Tensors.Where(entry => !entry.IsUnread).ToDictionary(
            entry => entry.Name,
            entry => tensor(entry.Draw(ImportedFamilies.Seed), [.. entry.Shape.Select(size => (long)size)]).to(ScalarType.Float64).requires_grad_(true));
        Tensor loss = batch.SummedLoss(family, TinyWeights.Of(tensors));
        loss.backward();
        return (loss.detach().item<double>(), tensors.ToDictionary(
            entry => entry.Key, entry => entry.Value.grad is { } gradient ? gradient.contiguous().data<double>().ToArray() : new double[entry.Value.numel()]));
    }
}
