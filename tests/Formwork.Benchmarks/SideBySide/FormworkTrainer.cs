using System.Runtime.InteropServices;
using Formwork.Benchmarks.Limits;
using Formwork.Benchmarks.Workloads;
using Formwork.Models;
using Formwork.Runtime.Models;
using Formwork.Runtime.Training;
using Formwork.Training;
using Formwork.Training.Optimizers;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Ours: a generated model with what training needs, and the optimizer of <c>Formwork.Training</c>.</summary>
internal sealed unsafe class FormworkTrainer(TrainingRow row) : FormworkContender<TransformerModel>, ITrainingContender
{
    private Learning? _learning;

    /// <inheritdoc/>
    public TrainingCheck Check()
    {
        var pass = Current.Pass;
        (pass.Backward, pass.Dropping) = (true, false);
        Model.Run(pass);
        double loss = 0;
        for (var i = 0; i < pass.Outputs; i++)
            loss += pass.Losses[i];
        var norm = Norm(Current);
        NativeMemory.Clear(pass.Gradients, (nuint)pass.GradientFloats * sizeof(float));
        return new TrainingCheck(loss / pass.Outputs, norm);
    }

    /// <inheritdoc/>
    /// <remarks>Both passes are one call, so the forward pass is timed by a call of its own before, which is no part of the step.</remarks>
    public TrainingTurn Step()
    {
        var pass = Current.Pass;
        pass.Seed++;
        (pass.Backward, pass.Dropping) = (false, true);
        var begin = Clock.Now;
        Model.Run(pass);
        var forward = Clock.Now - begin;

        pass.Backward = true;
        begin = Clock.Now;
        Model.Run(pass);
        var passes = Clock.Now - begin;

        begin = Clock.Now;
        Optimize(Current);
        return new TrainingTurn(forward, passes - forward, Clock.Now - begin);
    }

    /// <inheritdoc/>
    protected override TransformerModel Create(LoadOptions options) => row.Shape.Name switch
    {
        "nanogpt-shakespeare" => NanoGptShakespeare.FromParts(Parts(NanoGptShakespeare.Architecture, options)),
        "nanogpt-cpu" => NanoGptCpu.FromParts(Parts(NanoGptCpu.Architecture, options)),
        "gpt2-trained" => Gpt2Trained.FromParts(Parts(Gpt2Trained.Architecture, options)),
        "transformer-tiny" => TransformerTiny.FromParts(Parts(TransformerTiny.Architecture, options)),
        _ => throw new NotSupportedException($"no model is generated for {row.Shape.Name}"),
    };

    /// <inheritdoc/>
    protected override void DisposeSessions()
    {
        _learning?.Pass.Dispose();
        _learning?.Optimizer.Dispose();
        _learning?.Weights.Dispose();
        _learning = null;
    }

    private Learning Current => _learning ??= Begin();

    private Learning Begin()
    {
        var sample = row.Sample;
        var pass = Model.NewTrainingPass(sample.Tokens.Length, sample.Sources.Length);
        pass.Target.Set(sample.Tokens, sample.Lengths);
        if (sample.Sources.Length > 0)
            pass.Source.Set(sample.Sources, sample.SourceLengths);
        pass.SetTargets([.. Enumerable.Range(0, row.Tokens)], sample.Targets);
        pass.LossFactor = 1f / row.Tokens;
        pass.LabelSmoothing = (float)row.LabelSmoothing;

        var weights = new ModelWeights(Model);
        return new Learning(pass, weights, new GradientNorm(WeightChunks.Find(weights.Table)), TrainingRow.Optimizer.Create(weights, Model.Threads));
    }

    private double Norm(Learning learning)
    {
        Model.Run(worker =>
        {
            learning.Weights.Collect(learning.Pass, worker);
            worker.Synchronize();
            learning.Norm.Sum(learning.Pass.Gradients, worker);
        });
        return learning.Norm.Value();
    }

    private void Optimize(Learning learning)
    {
        var step = new OptimizerStep
        {
            Weights = learning.Weights.Values.Pointer,
            Gradients = learning.Pass.Gradients,
            Number = ++learning.Steps,
            LearningRate = TrainingRow.LearningRate,
            GradientFactor = (float)Math.Min(1, TrainingRow.ClippedNorm / (Norm(learning) + 1e-6)),
        };
        Model.Run(worker => learning.Optimizer.Step(step, worker));
        Model.WeightsChanged();
    }

    private sealed record Learning(TrainingPass Pass, ModelWeights Weights, GradientNorm Norm, Optimizer Optimizer)
    {
        public long Steps { get; set; }
    }
}
