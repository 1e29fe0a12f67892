using Formwork.Runtime.Models;
using Formwork.Runtime.Threading;
using Formwork.Runtime.Training;
using Formwork.Runtime.Weights;

namespace Formwork.Training;

/// <summary>All weights of a model, trained in place.</summary>
internal sealed unsafe class ModelWeights(TransformerModel model) : TrainedWeights(model.Description.Weights, model.PackedWeights)
{
    private readonly IReadOnlyList<(long First, int Count)> _holes = WeightHoles.Find(model.Description.Weights);

    /// <inheritdoc/>
    public override string FileName => "model.safetensors";

    /// <inheritdoc/>
    public override float* Gradients(TrainingPass pass) => pass.Gradients;

    /// <inheritdoc/>
    public override void Collect(TrainingPass pass, Worker worker)
    {
        (int first, int end) = worker.Share(_holes.Count);
        for (int i = first; i < end; i++)
            new Span<float>(pass.Gradients + _holes[i].First, _holes[i].Count).Clear();
    }

    /// <inheritdoc/>
    public override void Publish(Worker worker)
    {
    }
}
