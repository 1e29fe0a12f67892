using Formwork.Runtime.Models;
using Formwork.Runtime.Training;
using Formwork.Training.Data;
using Formwork.Training.Evaluation;
using Formwork.Training.Optimizers;
using CounterRandom = Formwork.Runtime.Weights.CounterRandom;

namespace Formwork.Training;

/// <summary>The numbers of a run: its passes, the norm of the gradients, the optimizer.</summary>
internal sealed unsafe class StepRunner : IDisposable
{
    private readonly TransformerModel _model;
    private readonly TrainingOptions _options;
    private readonly TrainingPass _pass;
    private readonly BatchInput _input;
    private readonly GradientNorm _norm;

    public StepRunner(TransformerModel model, ITrainingData data, TrainingOptions options, TrainedWeights weights)
    {
        (_model, _options, Weights) = (model, options, weights);
        _input = new BatchInput(model.Description);
        _norm = new GradientNorm(WeightChunks.Find(weights.Table));
        _pass = model.NewTrainingPass(data.MaxRows, data.MaxSourceRows);
        _pass.LabelSmoothing = (float)options.LabelSmoothing;
        Optimizer = options.Optimizer.Create(weights, model.Threads);
    }

    /// <summary>What is trained.</summary>
    public TrainedWeights Weights { get; }

    /// <summary>What trains it.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>One step: forward and backward passes over its batches, then the optimizer.</summary>
    /// <exception cref="DivergenceException">A loss or a gradient is not finite; the weights are those before the step.</exception>
    public StepResult Step(long number, TrainingBatch[] batches)
    {
        long targets = batches.Sum(batch => (long)batch.Targets.Length);
        (_pass.Backward, _pass.Dropping, _pass.LossFactor) = (true, _options.Dropout, 1f / Math.Max(targets, 1));
        double loss = 0, likelihood = 0;
        for (int micro = 0; micro < batches.Length; micro++)
        {
            _input.Set(_pass, batches[micro], $"step {number}, batch {micro}");
            _pass.Seed = Seed(_options.Seed, number, micro);
            _model.Run(_pass);
            for (int i = 0; i < _pass.Outputs; i++)
            {
                loss += _pass.Losses[i];
                likelihood += _pass.LogLikelihoods[i];
            }
        }
        double norm = Norm();
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
            throw new DivergenceException(number, Culprit());
        Optimize(number, norm);
        return new StepResult(loss, -likelihood, targets, norm);
    }

    /// <summary>How well the model foretells batches, without dropout and label smoothing.</summary>
    public EvaluationResult Evaluate(IEnumerable<TrainingBatch> batches)
    {
        (_pass.Backward, _pass.Dropping, _pass.LossFactor) = (false, false, 1);
        double likelihood = 0;
        long targets = 0, correct = 0, index = 0;
        foreach (TrainingBatch batch in batches)
        {
            _input.Set(_pass, batch, $"evaluation batch {index++}");
            _model.Run(_pass);
            targets += _pass.Outputs;
            for (int i = 0; i < _pass.Outputs; i++)
            {
                likelihood += _pass.LogLikelihoods[i];
                correct += _pass.Predictions[i] == _pass.Targets[i] ? 1 : 0;
            }
        }
        return new EvaluationResult(new Perplexity(-likelihood, targets), correct);
    }

    /// <summary>Brings weights that were read into the model.</summary>
    public void Publish()
    {
        _model.Run(Weights.Publish);
        _model.WeightsChanged();
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _pass.Dispose();
        Optimizer.Dispose();
    }

    private double Norm()
    {
        _model.Run(worker =>
        {
            Weights.Collect(_pass, worker);
            worker.Synchronize();
            _norm.Sum(Weights.Gradients(_pass), worker);
        });
        return _norm.Value();
    }

    private void Optimize(long number, double norm)
    {
        // As torch's clip_grad_norm_: what is added keeps a tiny norm from growing.
        double factor = _options.ClippedNorm > 0 ? Math.Min(1, _options.ClippedNorm / (norm + 1e-6)) : 1;
        var step = new OptimizerStep
        {
            Weights = Weights.Values.Pointer,
            Gradients = Weights.Gradients(_pass),
            Number = number,
            LearningRate = _options.LearningRate.At(number),
            GradientFactor = (float)factor,
        };
        _model.Run(worker =>
        {
            Optimizer.Step(step, worker);
            worker.Synchronize();
            Weights.Publish(worker);
        });
        _model.WeightsChanged();
    }

    private string Culprit() => Weights.FirstNotFinite(Weights.Gradients(_pass)) is { } gradient ? $"the gradient of {gradient}"
        : Weights.FirstNotFinite(Weights.Values.Pointer) ?? "the loss";

    private static ulong Seed(int seed, long step, int micro) =>
        CounterRandom.Mix(CounterRandom.Mix(CounterRandom.Mix((ulong)(uint)seed) + (ulong)step) + (ulong)micro);
}
