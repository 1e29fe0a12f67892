using System.Text;
using System.Text.Json;
using Formwork.Runtime;
using Formwork.Runtime.Tokenization;
using Formwork.TestSupport;
using Formwork.Training.Data;
using Xunit;

namespace Formwork.Training.Tests.Data;

public class DataSourceTests
{
    private static readonly LetterTokenizer Letters = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AStreamIsSplitWhereItsShareSays(bool inFiles)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("t.txt", "abcdefghij\nklmnopqrst\n"u8);
        DataOptions options = new(DataKind.Stream, DataObjective.Causal, new DataFiles(path), Letters)
        {
            Context = 2,
            BatchSize = 3,
            ValidationShare = 0.25,
            Folder = inFiles ? folder.File("ids") : null,
        };

        using DataSource data = DataSource.Open(options);

        Assert.Equal(LetterTokenizer.Ids("qrst"), data.EvaluationBatches().SelectMany(batch => batch.Targets));
        Assert.All(Enumerable.Range(1, 40), step => Assert.All(data.Batch(step, 0).Targets, id => Assert.InRange(id, LetterTokenizer.Ids("b")[0], LetterTokenizer.Ids("o")[0])));
        Assert.Equal(6, data.MaxRows);
        Assert.Equal(inFiles, File.Exists(folder.File("ids/training.tokens")));
    }

    [Fact]
    public void TokenFilesAreTakenAsTheyAre()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("t.txt", "abcdefghij"u8);
        DataOptions options = new(DataKind.Stream, DataObjective.Causal, new DataFiles(path), Letters) { Context = 2, BatchSize = 3, Folder = folder.Path };
        using DataSource text = DataSource.Open(options);
        using DataSource ids = DataSource.Open(options with { Training = new DataFiles(folder.File("training.tokens")), Folder = null });

        Assert.Equal(RandomSets.Text(text.Batch(9, 0)), RandomSets.Text(ids.Batch(9, 0)));
        Assert.Equal(text.Description, ids.Description);
        Assert.Empty(ids.EvaluationBatches());
    }

    [Fact]
    public void ParallelTextBecomesTranslations()
    {
        using var folder = new TemporaryFolder();
        DataOptions options = new(DataKind.Parallel, DataObjective.Translation,
            new DataFiles(folder.Write("t.en", "abc\n\nab\nabcdefgh\n"u8), folder.Write("t.de", "x\ny\nxy\nz\n"u8)), Letters)
        {
            Validation = new DataFiles(folder.Write("v.en", "c\n"u8), folder.Write("v.de", "w\n"u8)),
            Context = 5,
            SourceContext = 6,
            BatchTokens = 100,
            Start = LetterTokenizer.Start,
            End = LetterTokenizer.Sep,
        };

        using DataSource data = DataSource.Open(options);
        TrainingBatch batch = data.Batch(1, 0);

        // The tokenizer frames sources, so the source of eight letters has ten rows.
        Assert.Equal((new BuildCounts(2, 1, 1), new BuildCounts(1, 0, 0), 1), (data.Training, data.Validation, data.BatchesPerEpoch));
        Assert.Equal([2, 3], batch.Target.Lengths);
        Assert.Equal([LetterTokenizer.Cls, .. LetterTokenizer.Ids("abc"), LetterTokenizer.Sep, LetterTokenizer.Cls, .. LetterTokenizer.Ids("ab"), LetterTokenizer.Sep], batch.Source!.Tokens);
        Assert.Equal([.. LetterTokenizer.Ids("x"), LetterTokenizer.Sep, .. LetterTokenizer.Ids("xy"), LetterTokenizer.Sep], batch.Targets);
        Assert.Equal([LetterTokenizer.Start, .. LetterTokenizer.Ids("w")], Assert.Single(data.EvaluationBatches()).Target.Tokens);

        using DataSource ended = DataSource.Open(options with { SourceEnd = LetterTokenizer.Pad });
        Assert.Equal([.. LetterTokenizer.Ids("c"), LetterTokenizer.Pad], Assert.Single(ended.EvaluationBatches()).Source!.Tokens);
    }

    [Fact]
    public void LinesAreMaskedBetweenTheTokensThatFrameThem()
    {
        using var folder = new TemporaryFolder();
        DataOptions options = new(DataKind.Lines, DataObjective.MaskedLanguage, new DataFiles(folder.Write("t.txt", "abc\nde\nfg\nhi\n"u8)), Letters)
        {
            Context = 8,
            BatchSize = 2,
            ValidationShare = 0.5,
        };

        using DataSource data = DataSource.Open(options);
        TrainingBatch held = Assert.Single(data.EvaluationBatches());

        Assert.Equal((2, 2), (data.Training.Examples, data.Validation.Examples));
        Assert.Equal([4, 4], held.Target.Lengths);
        Assert.Equal([0, 1, 0, 1], new[] { 0, 3, 4, 7 }.Select(row => held.Target.Tokens[row]));
    }

    [Fact]
    public void JsonLinesHaveLabels()
    {
        using var folder = new TemporaryFolder();
        DataOptions options = new(DataKind.JsonLines, DataObjective.Labels, new DataFiles(folder.Write("t.jsonl", """{"text": "ab", "label": 1}"""u8)), Letters)
        {
            Context = 8,
            BatchSize = 2,
            Labels = 2,
        };

        using DataSource data = DataSource.Open(options);
        TrainingBatch batch = data.Batch(1, 0);

        Assert.Equal([LetterTokenizer.Cls, .. LetterTokenizer.Ids("ab"), LetterTokenizer.Sep], batch.Target.Tokens);
        Assert.Equal([1], batch.Targets);
    }

    [Fact]
    public void OptionsThatDoNotGoTogetherAreTold()
    {
        DataOptions sound = new(DataKind.Parallel, DataObjective.Translation, new DataFiles("a", "b"), Letters)
        {
            Context = 8,
            SourceContext = 8,
            BatchSize = 1,
            Start = 1,
            End = 2,
        };
        DataOptions[] broken =
        [
            sound with { Kind = DataKind.Lines },
            sound with { Objective = DataObjective.Causal },
            sound with { Objective = DataObjective.Labels },
            sound with { Context = 0 },
            sound with { SourceContext = 0 },
            sound with { BatchSize = 0 },
            sound with { ValidationShare = 1 },
            sound with { Accumulation = 0 },
            sound with { Start = null },
            sound with { End = null },
            sound with { Training = new DataFiles("a") },
            sound with { Training = new DataFiles([], []) },
            sound with { Validation = new DataFiles(["a"], []) },
            sound with { Training = new DataFiles("a.tokens", "b") },
            sound,
        ];

        Assert.All(broken, options => Assert.Throws<InvalidInputException>(() => DataSource.Open(options)));
    }

    [DataFact("tinyshakespeare")]
    public void ShakespeareIsSplitAsNanoGptDoes()
    {
        using var folder = new TemporaryFolder();
        string path = TestData.Path("tinyshakespeare", "input.txt");
        DataOptions options = new(DataKind.Stream, DataObjective.Causal, new DataFiles(path), Characters(folder, path))
        {
            Context = 64,
            BatchSize = 12,
            ValidationShare = 0.1,
        };

        using DataSource data = DataSource.Open(options);

        // nanoGPT's README: "val has 111,540 tokens".
        Assert.Equal(65, options.Tokenizer.VocabularySize);
        Assert.Equal(111_540 - 1, data.EvaluationBatches().Sum(batch => batch.Targets.Length));
        Assert.Equal(768, data.Batch(2000, 0).OutputRows.Length);
    }

    [DataFact("multi30k")]
    public void EveryPairOfMulti30KComesOnceAnEpoch()
    {
        using var folder = new TemporaryFolder();
        string english = TestData.Path("multi30k", "train.en.gz"), german = TestData.Path("multi30k", "train.de.gz");
        TextTokenizer tokenizer = Characters(folder, english, german);
        DataOptions options = new(DataKind.Parallel, DataObjective.Translation, new DataFiles(english, german), tokenizer)
        {
            Context = 256,
            SourceContext = 256,
            BatchTokens = 8000,
            Start = 0,
            End = 1,
            Folder = folder.File("ids"),
        };

        using DataSource data = DataSource.Open(options);
        TrainingBatch[] epoch = [.. Enumerable.Range(1, data.BatchesPerEpoch).Select(step => data.Batch(step, 0))];

        Assert.Equal(29_000, data.Training.Examples + data.Training.Empty + data.Training.TooLong);
        Assert.InRange(data.Training.Examples, 28_900, 29_000);
        Assert.Equal(data.Training.Examples, epoch.Sum(batch => batch.Target.Lengths.Length));
        Assert.All(epoch, batch => Assert.InRange(batch.Target.Tokens.Length, 1, 8000));
        Assert.All(epoch, batch => Assert.InRange(batch.Source!.Tokens.Length, 1, data.MaxSourceRows));
    }

    private static TextTokenizer Characters(TemporaryFolder folder, params string[] paths)
    {
        var letters = paths.SelectMany(path => TextFile.Chunks(path)).SelectMany(chunk => chunk.Text.EnumerateRunes()).Distinct().Order();
        var ids = letters.Select((letter, id) => (Form: letter.ToString(), id)).ToDictionary(entry => entry.Form, entry => entry.id);
        folder.Write("characters.json", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(ids)));
        return TokenizerLoader.Load(new TokenizerDescription(TokenizerKind.Characters, null, null, null, []), folder.Path)!;
    }
}
