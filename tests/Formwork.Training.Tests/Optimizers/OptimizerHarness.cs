using Formwork.Runtime.Memory;
using Formwork.Runtime.Threading;
using Formwork.Runtime.Weights;
using Formwork.Training.Optimizers;

namespace Formwork.Training.Tests.Optimizers;

/// <summary>An optimizer on weights without a model: parameters in, parameters out.</summary>
internal sealed unsafe class OptimizerHarness : IDisposable
{
    private readonly NativeBuffer _gradients;
    private readonly Optimizer _optimizer;
    private readonly WorkerTeam _team;
    private readonly TableWeights _weights;
    private long _step;

    public OptimizerHarness(OptimizerOptions options, WeightTable table, int threads, int seed = 1)
    {
        _weights = new TableWeights(table, WeightLoader.Random(table, seed, RandomKind.Everything));
        _gradients = new NativeBuffer(table.Length);
        _optimizer = options.Create(_weights, threads);
        _team = new WorkerTeam(threads);
    }

    public NativeBuffer Weights => _weights.Values;

    public NativeBuffer Gradients => _gradients;

    public void Step(double learningRate, float factor = 1)
    {
        var step = new OptimizerStep
        {
            Weights = Weights.Pointer,
            Gradients = _gradients.Pointer,
            Number = ++_step,
            LearningRate = learningRate,
            GradientFactor = factor,
        };
        _team.Run(worker => _optimizer.Step(step, worker), alone: false);
    }

    /// <summary>Draws the gradients of a step for all parameters.</summary>
    public void DrawGradients(int seed)
    {
        using NativeBuffer drawn = WeightLoader.Random(_weights.Table, seed, RandomKind.Everything);
        drawn.AsSpan(0, (int)drawn.Length).CopyTo(_gradients.AsSpan(0, (int)drawn.Length));
    }

    /// <summary>A parameter's values, row by row.</summary>
    public static double[] Read(NativeBuffer buffer, WeightSlot slot) =>
        [.. Enumerable.Range(0, slot.Rows * slot.Columns).Select(i => (double)buffer.AsSpan(slot.PackedIndex(i / slot.Columns, i % slot.Columns), 1)[0])];

    public void Dispose()
    {
        _team.Dispose();
        _optimizer.Dispose();
        _gradients.Dispose();
        _weights.Values.Dispose();
    }

    private sealed class TableWeights(WeightTable table, NativeBuffer values) : TrainedWeights(table, values)
    {
        public override string FileName => "model.safetensors";

        public override float* Gradients(Runtime.Training.TrainingPass pass) => throw new NotSupportedException();

        public override void Collect(Runtime.Training.TrainingPass pass, Worker worker) => throw new NotSupportedException();

        public override void Publish(Worker worker) => throw new NotSupportedException();
    }
}
