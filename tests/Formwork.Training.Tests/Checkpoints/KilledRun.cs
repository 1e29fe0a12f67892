using System.Reflection;
using System.Text.Json;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Models;
using Formwork.TestSupport;
using Formwork.TestSupport.Compilation;
using Formwork.TestSupport.Specs;
using Formwork.Training.Optimizers;
using Formwork.Training.Schedules;
using Formwork.Training.Tests.Fakes;
using Formwork.Training.Tests.Learning;
using Xunit;

namespace Formwork.Training.Tests.Checkpoints;

/// <summary>
/// The run that is killed, or whose disk is full, and resumed: dropout, clipping, accumulation, smoothing, evaluations, averaging. Of the model that
/// computes by hand, or of a compiled one.
/// </summary>
internal static class KilledRun
{
    public const int Steps = 42;

    private const string Model = "Learner";

    public static TrainingOptions Options(string? folder) => new()
    {
        Steps = Steps,
        LearningRate = new CosineSchedule(0.02, 10, Steps),
        Optimizer = new AdamWOptions { WeightDecay = 0.1 },
        Accumulation = 2,
        LabelSmoothing = 0.1,
        Seed = 5,
        EvaluationInterval = 7,
        CheckpointInterval = 3,
        KeptCheckpoints = 2,
        Result = folder is null ? FinalWeights.Last : FinalWeights.Average,
        Folder = folder,
    };

    /// <summary>Compiles a model with dropout wherever there is any, for <see cref="Train"/>.</summary>
    public static void Compile(string assembly)
    {
        var training = new TrainingSpec { ResidualDropout = 0.1, ActivationDropout = 0.1, AttentionDropout = 0.1, EmbeddingDropout = 0.1 };
        InMemoryCompiler.CompileTo(assembly, SmallSpecs.Gpt2(Model, FakeModel.Vocabulary, context: 8, width: 16, layers: 1, heads: 2) with { Training = training });
    }

    /// <summary>Runs it to its end, resumed if there is something to resume.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="listener">Who is told.</param>
    /// <param name="threads">Number of threads.</param>
    /// <param name="assembly">A compiled model's; null for the model that computes by hand.</param>
    public static void Train(string folder, ITrainingObserver? listener, int threads, string? assembly = null)
    {
        using TransformerModel model = assembly is null ? new FakeModel(threads: threads) : LearningModel.Create(Assembly.LoadFrom(assembly), Model, threads: threads);
        using var trainer = new Trainer(model, new FakeData(), Options(folder), listener);
        trainer.Resume();
        trainer.Run();
    }

    /// <summary>Requires that two runs ended with the same bits: weights, best weights, the last checkpoint.</summary>
    public static void RequireSame(TemporaryFolder whole, TemporaryFolder other)
    {
        string last = $"step-{Steps:D8}";
        foreach (string file in new[] { "model.safetensors", "best/model.safetensors", $"{last}/model.safetensors", $"{last}/optimizer.safetensors", $"{last}/state.json" })
            Assert.True(File.ReadAllBytes(whole.File(file)).AsSpan().SequenceEqual(File.ReadAllBytes(other.File(file))), file);
        Assert.Empty(Directory.GetFileSystemEntries(other.Path, "*.tmp", SearchOption.AllDirectories));
    }

    /// <summary>The metrics without times, a line a step or evaluation; each is JSON.</summary>
    public static string[] Metrics(TemporaryFolder folder)
    {
        string[] lines = File.ReadAllLines(folder.File("metrics.jsonl"));
        foreach (string line in lines)
            JsonDocument.Parse(line).Dispose();
        return [.. lines.Select(line => line.Split(",\"tokens_per_second\"")[0])];
    }
}
