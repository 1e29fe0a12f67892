using Formwork.Benchmarks.Peers.Libtorch;
using Formwork.Benchmarks.Workloads;
using Formwork.Models;
using Formwork.Runtime.Models;
using Formwork.Runtime.Tokenization;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Formwork.Training;
using Formwork.Training.Data;
using Formwork.Training.Optimizers;
using Formwork.Training.Schedules;
using Formwork.Training.Tokenization;

namespace Formwork.Benchmarks.Learning;

/// <summary>
/// nanoGPT's character-level Shakespeare in its configuration for a CPU: 12 windows of 64 characters a step, 2,000 steps, the last tenth of the
/// text held out. The evaluation is of all that tenth, in windows that follow each other.
/// </summary>
internal sealed record ShakespeareTask(string Name) : LearningTask(Name)
{
    private const double Peak = 2e-3;

    /// <inheritdoc/>
    public override TrainingOptions Options(int seed) => new()
    {
        Steps = 2000,
        LearningRate = new CosineSchedule(Peak, 100, 2000, Peak / 10),
        Optimizer = new AdamWOptions { Beta2 = 0.99, WeightDecay = 0.1 },
        Seed = seed,
        EvaluationInterval = 500,
    };

    /// <inheritdoc/>
    public override TransformerModel Create(int seed, LoadOptions options) => ShakespeareChar.Initialized(seed, Initialization.Gpt2, options);

    /// <inheritdoc/>
    public override DataSource Data(ModelDescription model, int seed)
    {
        var text = TestData.Path("tinyshakespeare/input.txt");
        using var folder = new TemporaryFolder();
        CharacterVocabulary.Of(text).Save(Path.Combine(folder.Path, CharacterVocabulary.FileName));
        var tokenizer = TokenizerLoader.Load(model.Tokenizer, folder.Path)!;
        var options = new DataOptions(DataKind.Stream, DataObjective.Causal, new DataFiles(text), tokenizer) { ValidationShare = 0.1, BatchSize = 12, Seed = seed };
        return DataSource.Open(options.For(model));
    }

    /// <inheritdoc/>
    public override ILibtorchStudent Peer(Func<string, int, int, float[]> values) =>
        new LibtorchGptStudent(TrainingShape.Of(ModelFiles.Spec(ModelFiles.Text("shakespeare-char"))), values);
}
