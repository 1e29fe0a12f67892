using Formwork.Libtorch.Tests.Families;
using Formwork.Training;
using Formwork.Training.Data;
using Formwork.Training.Optimizers;
using Formwork.Training.Schedules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Training;

/// <summary>Twenty steps, said once for a trainer and once for libtorch.</summary>
/// <param name="Family">The family.</param>
/// <param name="Schedule">The learning rates, as a trainer takes them.</param>
/// <param name="Rate">The learning rate of a step, from 1, written out.</param>
public sealed record TwentySteps(FamilyReference Family, LearningRateSchedule Schedule, Func<int, double> Rate)
{
    private const int Steps = 20, Batches = 4;
    private const double Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-8, Decay = 0.1;

    /// <summary>What gradients are clipped to.</summary>
    public double ClippedNorm { get; init; } = 1;

    /// <summary>Batches whose gradients are summed before a step.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>The share of the target distribution that is spread over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The options of a trainer.</summary>
    public TrainingOptions Options => new()
    {
        Steps = Steps,
        LearningRate = Schedule,
        Optimizer = new AdamWOptions { Beta1 = Beta1, Beta2 = Beta2, Epsilon = Epsilon, WeightDecay = Decay },
        ClippedNorm = ClippedNorm,
        Accumulation = Accumulation,
        LabelSmoothing = LabelSmoothing,
    };

    /// <summary>The batches of a trainer.</summary>
    public ITrainingData Data => new RepeatedBatches([.. Drawn.Select(batch => batch.ForTrainer)], Accumulation);

    /// <summary>The mean loss of each step and the norm of its gradients before clipping, by autograd and libtorch's AdamW.</summary>
    public (double Loss, double Norm)[] OfLibtorch()
    {
        using IDisposable gradients = enable_grad();
        Dictionary<string, Parameter> parameters = Family.Tensors.Where(entry => !entry.IsUnread).ToDictionary(
            entry => entry.Name, entry => new Parameter(tensor(entry.Draw(ImportedFamilies.Seed), [.. entry.Shape.Select(size => (long)size)])));
        TinyWeights weights = TinyWeights.Of(parameters.ToDictionary(entry => entry.Key, entry => (Tensor)entry.Value));
        using AdamW optimizer = optim.AdamW(
        [
            new AdamW.ParamGroup(parameters.Values.Where(parameter => parameter.dim() > 1), OptionsOf(Decay)),
            new AdamW.ParamGroup(parameters.Values.Where(parameter => parameter.dim() == 1), OptionsOf(0)),
        ]);
        var results = new (double Loss, double Norm)[Steps];
        for (int step = 1; step <= Steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            LearningBatch[] micro = [.. Enumerable.Range(0, Accumulation).Select(i => Drawn[RepeatedBatches.Index(step, i, Accumulation)])];
            optimizer.zero_grad();
            Tensor loss = micro.Select(batch => batch.SummedLoss(Family, weights, LabelSmoothing)).Aggregate((sum, next) => sum + next) / micro.Sum(batch => batch.Rows.Length);
            loss.backward();
            double norm = nn.utils.clip_grad_norm_(parameters.Values, ClippedNorm);
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = Rate(step);
            optimizer.step();
            results[step - 1] = (loss.item<float>(), norm);
        }
        return results;
    }

    private LearningBatch[] Drawn => field ??= [.. Enumerable.Range(1, Batches).Select(seed => LearningBatch.Draw(Family, seed, 5 + seed, 11, 3))];

    private static AdamW.Options OptionsOf(double decay) =>
        new() { beta1 = Beta1, beta2 = Beta2, eps = Epsilon, weight_decay = decay };

    private sealed class RepeatedBatches(TrainingBatch[] batches, int accumulation) : ITrainingData
    {
        public string Description => "a few batches again and again";

        public int MaxRows => batches.Max(batch => batch.Target.Tokens.Length);

        public int MaxSourceRows => batches.Max(batch => batch.Source?.Tokens.Length ?? 0);

        public static int Index(long step, int micro, int accumulation) => (int)(((step - 1) * accumulation + micro) % Batches);

        public TrainingBatch Batch(long step, int micro) => batches[Index(step, micro, accumulation)];

        public IEnumerable<TrainingBatch> EvaluationBatches() => [];
    }
}
