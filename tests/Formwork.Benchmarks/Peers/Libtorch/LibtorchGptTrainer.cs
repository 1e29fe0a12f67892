using Formwork.Benchmarks.SideBySide;
using Formwork.Benchmarks.Workloads;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>A GPT that learns from one batch of equally long sequences.</summary>
internal sealed class LibtorchGptTrainer : LibtorchLearningGpt, ITrainingContender
{
    private readonly Tensor _tokens;
    private readonly Tensor _targets;
    private readonly LibtorchLearner _learner;

    /// <summary>A model of the row's shape with the random weights that all contenders have.</summary>
    public LibtorchGptTrainer(TrainingRow row)
        : base(row.Shape)
    {
        _learner = new LibtorchLearner(Weights, _ => Loss(), TrainingRow.Optimizer, TrainingRow.ClippedNorm);
        var sample = row.Sample;
        _tokens = Keep(tensor(sample.Tokens, ScalarType.Int64).view(sample.Lengths.Length, sample.Lengths[0]));
        _targets = Keep(tensor(sample.Targets, ScalarType.Int64));
    }

    /// <inheritdoc/>
    public TrainingCheck Check() => _learner.Check();

    /// <inheritdoc/>
    public TrainingTurn Step() => _learner.Step(TrainingRow.LearningRate);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _learner.Dispose();
        base.Dispose();
    }

    private Tensor Loss()
    {
        using var logits = Logits(_tokens);
        return cross_entropy(logits.flatten(0, 1), _targets);
    }
}
