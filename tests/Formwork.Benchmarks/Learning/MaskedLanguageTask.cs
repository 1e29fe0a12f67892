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
/// A BERT of 4 layers that fills masks in captions (Multi30k's English side) and sentences of encyclopedia articles (WikiText-2). Held out are
/// the captions for validation and the last tenth of the sentences.
/// </summary>
internal sealed record MaskedLanguageTask(string Name, string Folder) : LearningTask(Name)
{
    private const int Steps = 1000, RowsTogether = 4096;

    /// <inheritdoc/>
    public override TrainingOptions Options(int seed) => new()
    {
        Steps = Steps,
        LearningRate = new LinearSchedule(1e-3, 100, Steps),
        Optimizer = new AdamWOptions { Beta2 = 0.98, WeightDecay = 0.01 },
        Seed = seed,
        EvaluationInterval = Steps / 4,
    };

    /// <inheritdoc/>
    public override TransformerModel Create(int seed, LoadOptions options) => MiniBert.Initialized(seed, Initialization.Gpt2, options);

    /// <inheritdoc/>
    public override DataSource Data(ModelDescription model, int seed)
    {
        Directory.CreateDirectory(Folder);
        string captions = TestData.Path("multi30k/train.en.gz"), heldOut = TestData.Path("multi30k/val.en.gz");
        var (sentences, heldOutSentences) = WriteSentences(TestData.Path("wikitext-2/valid.txt"));
        var words = new WordCounts { Lowercase = true, SpaceInFront = true };
        words.AddLines(captions);
        words.AddLines(sentences);
        BpeTrainer.Train(words, Vocabulary).Save(Folder);
        var options = new DataOptions(
            DataKind.Lines, DataObjective.MaskedLanguage, new DataFiles([captions, sentences], []), TokenizerLoader.Load(model.Tokenizer, Folder)!)
        {
            Validation = new DataFiles([heldOut, heldOutSentences], []),
            BatchTokens = RowsTogether,
            Seed = seed,
        };
        return DataSource.Open(options.For(model));
    }

    /// <inheritdoc/>
    public override ILibtorchStudent Peer(Func<string, int, int, float[]> values) =>
        new LibtorchBertStudent(ModelFiles.Spec(ModelFiles.Text("mini-bert")), values);

    private static BpeTrainingOptions Vocabulary => new()
    {
        VocabularySize = 8000,
        SpecialTokens =
        [
            new("[PAD]", SpecialTokenRole.Pad), new("[UNK]", SpecialTokenRole.Unknown), new("[CLS]", SpecialTokenRole.Cls), new("[SEP]", SpecialTokenRole.Sep),
            new("[MASK]", SpecialTokenRole.Mask),
        ],
        FrameBegin = "[CLS]",
        FrameEnd = "[SEP]",
    };

    // Paragraphs are longer than the model's context; headings are between equals signs.
    private (string Learnt, string HeldOut) WriteSentences(string path)
    {
        string[] sentences =
        [
            .. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('='))
                .SelectMany(line => line.Split(" . ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Select(sentence => sentence.EndsWith(" .", StringComparison.Ordinal) ? sentence : sentence + " ."),
        ];
        var border = sentences.Length * 9 / 10;
        string learnt = Path.Combine(Folder, "sentences.txt"), heldOut = Path.Combine(Folder, "sentences.held-out.txt");
        File.WriteAllLines(learnt, sentences[..border]);
        File.WriteAllLines(heldOut, sentences[border..]);
        return (learnt, heldOut);
    }
}
