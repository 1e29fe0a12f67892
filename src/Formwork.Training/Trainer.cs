using System.Diagnostics;
using Formwork.Runtime;
using Formwork.Runtime.Models;
using Formwork.Training.Adaptation;
using Formwork.Training.Checkpoints;
using Formwork.Training.Data;

namespace Formwork.Training;

/// <summary>
/// Trains a model that was compiled with training. The model's weights change in place, so it can be used at any time between steps. A run
/// that is stopped, however, and resumed gives bit for bit the weights of one that was not.
/// </summary>
public sealed class Trainer : IDisposable
{
    // How much of the time of a step counts for the next ones'.
    private const double KeptTime = 0.9;

    private readonly TransformerModel _model;
    private readonly ITrainingData _data;
    private readonly TrainingOptions _options;
    private readonly ITrainingObserver? _observer;
    private readonly StepRunner _runner;
    private readonly TrainedWeights _weights;
    private readonly RunFiles? _files;
    private double? _bestLoss;
    private long _bestStep, _savedStep;
    private int _withoutGain;
    private double _secondsPerStep;

    /// <summary>Prepares a run: memory, and the folder of its checkpoints.</summary>
    /// <param name="model">The model, with the weights to start from.</param>
    /// <param name="data">The batches.</param>
    /// <param name="options">How to train.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <exception cref="InvalidInputException">An option is out of its range, the folder cannot be used, or the model has no training.</exception>
    public Trainer(TransformerModel model, ITrainingData data, TrainingOptions options, ITrainingObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (model.Training is null)
            throw new InvalidInputException(model.Description.Name, null, "a model compiled without training", "one with", "Write `training: {}` in its spec.");
        (_model, _data, _options, _observer) = (model, data, options, observer);
        _files = options.Folder is { } folder ? new RunFiles(folder) : null;
        _weights = options.Adaptation is { } adaptation ? LowRankAdapters.Create(model, adaptation, options.Seed) : new ModelWeights(model);
        _runner = new StepRunner(model, data, options, _weights);
    }

    /// <summary>Steps that are done.</summary>
    public long Step { get; private set; }

    /// <summary>Goes back to the run's newest checkpoint: weights, optimizer, all that the next steps follow from.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="InvalidInputException">It is damaged, or of a run with another model, other data or other options; nothing has changed.</exception>
    public bool Resume()
    {
        if (_files?.Newest is not { } folder)
            return false;
        CheckpointState state = CheckpointStore.Read(folder);
        Require(folder, "model", state.Model, _model.Description.Name);
        Require(folder, "options", state.Options, _options.Words);
        Require(folder, "data", state.Data, _data.Description);
        Require(folder, "base weights", state.Base, _weights.Base);
        CheckpointTensors.Read(folder, _weights, _runner.Optimizer);
        _runner.Publish();
        (Step, _savedStep, _bestLoss, _bestStep, _withoutGain) = (state.Step, state.Step, state.BestLoss, state.BestStep, state.WithoutGain);
        return true;
    }

    /// <summary>Trains until the last step, until the evaluation loss no longer falls, or until it is cancelled, which takes effect after a step.</summary>
    /// <exception cref="InvalidInputException">
    /// The data do not fit the model; a loss or gradient is not finite; the last checkpoint or the final weights cannot be written; or the
    /// folder has checkpoints that were not resumed.
    /// </exception>
    public TrainingResult Run(CancellationToken cancellation = default)
    {
        if (Step == 0 && _files?.Newest is { } other)
            throw new InvalidInputException(other, null, "a checkpoint of an earlier run", "a folder without", "Resume that run, or give another folder.");
        Try(() => _files?.Metrics.KeepUntil(Step));
        while (Step < _options.Steps && !Exhausted && !cancellation.IsCancellationRequested)
        {
            RunStep();
            bool last = Step == _options.Steps;
            if (_options.EvaluationInterval > 0 && (last || Step % _options.EvaluationInterval == 0))
                EvaluateStep();
            if (!last && _options.CheckpointInterval > 0 && Step % _options.CheckpointInterval == 0)
                Try(Save);
        }
        if (_savedStep < Step)
            Save();
        if (Step < _options.Steps && !Exhausted)
            return new TrainingResult(TrainingEnd.Cancelled, Step, _bestLoss, _bestStep);
        Finish();
        return new TrainingResult(Exhausted ? TrainingEnd.NoImprovement : TrainingEnd.Finished, Step, _bestLoss, _bestStep);
    }

    /// <summary>How well the model foretells the held-out data now.</summary>
    /// <param name="cancellation">Ends it after a batch.</param>
    /// <exception cref="InvalidInputException">The data do not fit the model.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public EvaluationResult Evaluate(CancellationToken cancellation = default) => _runner.Evaluate(_data.EvaluationBatches().TakeWhile(_ =>
    {
        cancellation.ThrowIfCancellationRequested();
        return true;
    }));

    /// <summary>Frees the memory and lets another run use the folder. The model stays.</summary>
    public void Dispose()
    {
        _runner.Dispose();
        _weights.Dispose();
        _files?.Dispose();
    }

    private bool Exhausted => _options.Patience > 0 && _withoutGain >= _options.Patience;

    private void RunStep()
    {
        var watch = Stopwatch.StartNew();
        long number = Step + 1;
        TrainingBatch[] batches = [.. Enumerable.Range(0, _options.Accumulation).Select(micro => _data.Batch(number, micro))];
        StepResult result;
        try
        {
            result = _runner.Step(number, batches);
        }
        catch (DivergenceException divergence)
        {
            throw Diverged(divergence.Step, divergence.Tensor, divergence);
        }
        Step = number;
        double seconds = watch.Elapsed.TotalSeconds;
        _secondsPerStep = _secondsPerStep == 0 ? seconds : KeptTime * _secondsPerStep + (1 - KeptTime) * seconds;
        var progress = new TrainingProgress(
            number, _options.Steps, result.Loss / result.Targets, result.NegativeLogLikelihood / result.Targets, _options.LearningRate.At(number),
            result.GradientNorm, result.Targets, result.Targets / seconds, TimeSpan.FromSeconds(_secondsPerStep * (_options.Steps - number)));
        Try(() => _files?.Metrics.Add(progress));
        _observer?.Stepped(progress);
    }

    private void EvaluateStep()
    {
        EvaluationResult result = Evaluate();
        Try(() => _files?.Metrics.Add(Step, result));
        _observer?.Evaluated(Step, result);
        _withoutGain++;
        if (!(result.Loss < (_bestLoss ?? double.PositiveInfinity)))
            return;
        _withoutGain = 0;
        // Weights that cannot be kept are not what later ones have to surpass.
        if (_files is not { } files || Try(() => files.SaveBest(_weights)))
            (_bestLoss, _bestStep) = (result.Loss, Step);
    }

    private void Save()
    {
        if (_files is not { } files)
            return;
        string? broken = _weights.FirstNotFinite() ?? _runner.Optimizer.FirstNotFinite();
        if (broken is not null)
            throw Diverged(Step, broken, null);
        var state = new CheckpointState
        {
            Step = Step,
            Model = _model.Description.Name,
            Options = _options.Words,
            Data = _data.Description,
            Base = _weights.Base,
            BestLoss = _bestLoss,
            BestStep = _bestStep,
            WithoutGain = _withoutGain,
        };
        string folder = files.Store.Write(state, temporary => CheckpointTensors.Write(temporary, _weights, _runner.Optimizer), _options.KeptCheckpoints);
        _savedStep = Step;
        _observer?.Saved(Step, folder);
    }

    private void Finish()
    {
        if (_files is not { } files)
            return;
        if (files.Result(_options.Result, _weights) is { } result)
        {
            using (result)
                CheckpointTensors.ReadWeights(result, _weights);
            _runner.Publish();
        }
        files.SaveFinal(_model, _weights, _options);
    }

    // What a run can do without for now: a full disk may have room again at the next checkpoint.
    private bool Try(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _observer?.Warned($"{_options.Folder}: {error.Message}");
        }
        catch (InvalidInputException error) when (error.InnerException is IOException or UnauthorizedAccessException)
        {
            _observer?.Warned(error.Message);
        }
        return false;
    }

    private InvalidInputException Diverged(long step, string tensor, Exception? inner) => new(
        _model.Description.Name, $"step {step}", $"{tensor} that is not finite", "finite losses, gradients and weights",
        (_files?.Newest is { } good ? $"The last good checkpoint is {good}." : "There is no checkpoint yet.") + " Train with a lower learning rate, a longer warm-up or clipping.", inner);

    private static void Require(string folder, string what, string found, string expected)
    {
        if (found != expected)
            throw new InvalidInputException(folder, what, found.Length == 0 ? "none" : found, expected.Length == 0 ? "none" : expected,
                "Resume with what the run was started with, or start another one in another folder.");
    }
}
