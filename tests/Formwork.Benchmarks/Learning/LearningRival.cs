using System.Diagnostics;
using System.Globalization;
using Formwork.Benchmarks.Peers.Libtorch;
using Formwork.Training;
using Formwork.Training.Data;
using Formwork.Training.Evaluation;
using Formwork.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Formwork.Benchmarks.Learning;

/// <summary>libtorch's model, which takes each step and each evaluation right after ours, on the same batch with the same learning rate.</summary>
internal sealed class LearningRival : ITrainingObserver, IDisposable
{
    private readonly ILibtorchStudent _student;
    private readonly ITrainingData _data;
    private readonly TrainingOptions _options;
    private readonly TextWriter _progress;
    private readonly string _name;
    private readonly LibtorchLearner _learner;
    private TrainingBatch? _batch;
    private long _tokens;
    private double _ourSeconds, _seconds;

    public LearningRival(ILibtorchStudent student, ITrainingData data, TrainingOptions options, TextWriter progress, string name)
    {
        (_student, _data, _options, _progress, _name) = (student, data, options, progress, name);
        _learner = new LibtorchLearner(student.Parameters, Loss, (AdamWOptions)options.Optimizer, options.ClippedNorm);
    }

    /// <summary>Tokens a second of ours.</summary>
    public double OurTokensPerSecond => _tokens / _ourSeconds;

    /// <summary>Tokens a second of libtorch.</summary>
    public double TokensPerSecond => _tokens / _seconds;

    /// <summary>Our last evaluation.</summary>
    public EvaluationResult? Ours { get; private set; }

    /// <summary>libtorch's last evaluation.</summary>
    public EvaluationResult? Result { get; private set; }

    /// <inheritdoc/>
    public void Stepped(TrainingProgress progress)
    {
        _batch = _data.Batch(progress.Step, 0);
        var clock = Stopwatch.StartNew();
        _learner.Step(progress.LearningRate);
        _seconds += clock.Elapsed.TotalSeconds;
        _ourSeconds += progress.Targets / progress.TokensPerSecond;
        _tokens += _batch.Target.Tokens.Length;
    }

    /// <inheritdoc/>
    public void Evaluated(long step, EvaluationResult result)
    {
        (Ours, Result) = (result, Evaluate());
        _progress.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{_name}, step {step}: loss {result.Loss:F4} and {Result.Loss:F4}, accuracy {result.Accuracy:P2} and {Result.Accuracy:P2}, {OurTokensPerSecond:F0} and {TokensPerSecond:F0} tokens/s"));
    }

    /// <inheritdoc/>
    public void Dispose() => _learner.Dispose();

    private Tensor Loss(bool dropping)
    {
        using var logits = _student.Logits(_batch!, dropping);
        return cross_entropy(logits, tensor(_batch!.Targets, ScalarType.Int64), label_smoothing: _options.LabelSmoothing);
    }

    private EvaluationResult Evaluate()
    {
        using var grad = no_grad();
        double loss = 0;
        long targets = 0, correct = 0;
        foreach (var batch in _data.EvaluationBatches())
        {
            using var scope = NewDisposeScope();
            var logits = _student.Logits(batch, dropping: false);
            var expected = tensor(batch.Targets, ScalarType.Int64);
            loss += cross_entropy(logits, expected, reduction: nn.Reduction.Sum).ToDouble();
            correct += logits.argmax(-1).eq(expected).sum().ToInt64();
            targets += batch.Targets.Length;
        }

        return new EvaluationResult(new Perplexity(loss, targets), correct);
    }
}
