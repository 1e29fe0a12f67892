using Formwork.Runtime.Memory;
using Formwork.Runtime.Threading;
using Formwork.Runtime.Weights;

namespace Formwork.Training.Optimizers;

/// <summary>
/// m ← μm + g; U = orthogonal part of g + μm (Nesterov); W ← (1 − ηλ)W − η·0.2·√max(rows, columns)·U. Each matrix is one worker's, so what
/// it computes does not depend on how many there are. The momentum lies in the place of AdamW's mean, which these matrices do not use.
/// </summary>
internal sealed unsafe class Muon : Optimizer
{
    private readonly MuonOptions _options;
    private readonly AdamW _others;
    private readonly NativeBuffer _momentum;
    private readonly WeightSlot[] _matrices;
    private readonly NewtonSchulz?[] _scratch;
    private int _next;

    public Muon(MuonOptions options, TrainedWeights weights, int workers)
    {
        _options = options;
        _others = new AdamW(options.AdamW, weights.Values.Length, WeightChunks.Find(weights.Table, MuonOptions.Includes));
        _momentum = _others.State[0].Values;
        _matrices = [.. weights.Table.Slots.Where(MuonOptions.Includes)
            .SelectMany(slot => slot.Experts == 0 ? [slot] : Enumerable.Range(0, slot.Experts).Select(slot.Expert))
            // The dearest first, so that the workers end together.
            .OrderByDescending(slot => (long)slot.Rows * slot.Columns * Math.Min(slot.Rows, slot.Columns))];
        _scratch = new NewtonSchulz?[workers];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, NativeBuffer Values)> State => _others.State;

    /// <inheritdoc/>
    public override void Step(in OptimizerStep step, Worker worker)
    {
        if (worker.Index == 0)
            _next = 0;
        worker.Synchronize();
        if (_matrices.Length > 0)
        {
            int rows = _matrices.Max(slot => Math.Min(slot.Rows, slot.Columns)), columns = _matrices.Max(slot => Math.Max(slot.Rows, slot.Columns));
            NewtonSchulz iteration = _scratch[worker.Index] ??= new NewtonSchulz(rows, columns);
            for (int i; (i = Interlocked.Increment(ref _next) - 1) < _matrices.Length;)
                Update(_matrices[i], step, iteration);
        }
        worker.Synchronize();
        _others.Step(step, worker);
    }

    /// <inheritdoc/>
    private protected override void DisposeScratch()
    {
        foreach (NewtonSchulz? scratch in _scratch)
            scratch?.Dispose();
    }

    private void Update(in WeightSlot slot, in OptimizerStep step, NewtonSchulz iteration)
    {
        bool tall = slot.Rows > slot.Columns;
        iteration.Begin(Math.Min(slot.Rows, slot.Columns), Math.Max(slot.Rows, slot.Columns));
        float kept = (float)_options.Momentum;
        int stride = slot.Packing == WeightPacking.Dense ? 1 : WeightSlot.PanelRows;
        for (int row = 0; row < slot.Rows; row++)
        {
            long start = slot.PackedIndex(row, 0);
            for (int column = 0; column < slot.Columns; column++)
            {
                long at = start + (long)column * stride;
                float gradient = step.Gradients[at] * step.GradientFactor, momentum = kept * _momentum.Pointer[at] + gradient;
                _momentum.Pointer[at] = momentum;
                step.Gradients[at] = 0;
                iteration.At(tall ? column : row, tall ? row : column) = gradient + kept * momentum;
            }
        }
        iteration.Run(_options.Iterations);
        float rate = (float)(step.LearningRate * 0.2 * Math.Sqrt(Math.Max(slot.Rows, slot.Columns)));
        float weightKept = (float)(1 - step.LearningRate * _options.AdamW.WeightDecay);
        for (int row = 0; row < slot.Rows; row++)
        {
            long start = slot.PackedIndex(row, 0);
            for (int column = 0; column < slot.Columns; column++)
            {
                float* weight = step.Weights + start + (long)column * stride;
                *weight = weightKept * *weight - rate * iteration.At(tall ? column : row, tall ? row : column);
            }
        }
    }
}
