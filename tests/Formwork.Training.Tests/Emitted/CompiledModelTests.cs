using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Models;
using Formwork.TestSupport;
using Formwork.TestSupport.Checkpoints;
using Formwork.TestSupport.Compilation;
using Formwork.TestSupport.Interpreter;
using Formwork.TestSupport.Specs;
using Formwork.Training.Adaptation;
using Formwork.Training.Schedules;
using Formwork.Training.Tests.Fakes;
using Xunit;

namespace Formwork.Training.Tests.Emitted;

/// <summary>The trainer over a compiled model, dropout on.</summary>
public sealed class CompiledModelTests : IDisposable
{
    private readonly TemporaryFolder _start = new();
    private readonly CompiledAssembly _assembly;

    public CompiledModelTests()
    {
        ModelSpec spec = SmallSpecs.Gpt2("Learner", vocabulary: FakeModel.Vocabulary, context: 8, width: 16, layers: 1, heads: 2) with
        {
            Training = new TrainingSpec { ResidualDropout = 0.1, ActivationDropout = 0.1, AttentionDropout = 0.1, EmbeddingDropout = 0.1 },
        };
        ModelGraph graph = GraphBuilder.Build(spec);
        LayoutCheckpoint.Write(_start.Path, graph, RandomParameters.Draw(graph, seed: 7));
        _assembly = InMemoryCompiler.Compile(spec);
    }

    [Fact]
    public void ItLearnsAndAResumedRunOnOtherThreadsGivesTheSameBits()
    {
        using var whole = new TemporaryFolder();
        using var stopped = new TemporaryFolder();
        var listener = new Listener();
        float[] expected = Train(Options(whole.Path), 1, listener, CancellationToken.None);
        Assert.InRange(listener.Steps[^1].NatsPerToken, 0, listener.Steps[0].NatsPerToken - 0.7);
        using (var cancellation = new CancellationTokenSource())
            Train(Options(stopped.Path), 2, new Listener { After = step => { if (step == 37) cancellation.Cancel(); } }, cancellation.Token);
        Assert.Equal(expected, Train(Options(stopped.Path), 2, null, CancellationToken.None));
    }

    [Fact]
    public void AdaptersOfQueryAndValueLearn()
    {
        var listener = new Listener();
        Train(Options(null) with { Adaptation = new LowRankOptions { Rank = 4 } }, 1, listener, CancellationToken.None);
        Assert.InRange(listener.Steps.TakeLast(10).Average(step => step.NatsPerToken), 0, listener.Steps.Take(10).Average(step => step.NatsPerToken));
    }

    public void Dispose() => _start.Dispose();

    private static TrainingOptions Options(string? folder) => new()
    {
        Steps = 100, LearningRate = new CosineSchedule(0.01, 10, 100), LabelSmoothing = 0.05, Accumulation = 2, Folder = folder, CheckpointInterval = 20,
    };

    private float[] Train(TrainingOptions options, int threads, Listener? listener, CancellationToken cancellation)
    {
        using var model = _assembly.Load<TransformerModel>("Learner", _start.Path, new LoadOptions { Threads = threads });
        using var trainer = new Trainer(model, new FakeData(), options, listener);
        trainer.Resume();
        trainer.Run(cancellation);
        return model.PackedWeights.AsSpan(0, (int)model.PackedWeights.Length).ToArray();
    }
}
