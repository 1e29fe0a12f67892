using Formwork.Compiler;
using Formwork.Compiler.Graph;
using Formwork.Import;
using Formwork.TestSupport.Checkpoints;
using Formwork.TestSupport.Interpreter;
using Xunit;

namespace Formwork.Cli.Tests;

/// <summary>A text a line in, a result a line out, with encoders and models of two stacks: tiny folders, weights that tell texts apart.</summary>
public sealed class ArchitectureLinesTests : IDisposable
{
    private const int Vocabulary = 64;

    private const string Bert = """
        {
          "architectures": ["BertForMaskedLM"], "model_type": "bert", "hidden_size": 32, "intermediate_size": 64, "max_position_embeddings": 32,
          "num_attention_heads": 4, "num_hidden_layers": 1, "vocab_size": 64, "id2label": {"0": "no", "1": "so", "2": "yes"}
        }
        """;

    private const string Bart = """
        {
          "architectures": ["BartForConditionalGeneration"], "model_type": "bart", "d_model": 32, "encoder_layers": 1, "decoder_layers": 1,
          "encoder_attention_heads": 4, "decoder_attention_heads": 4, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "max_position_embeddings": 64,
          "vocab_size": 64, "eos_token_id": 3, "decoder_start_token_id": 2, "num_beams": 3
        }
        """;

    private static readonly string[] Words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range(5, Vocabulary - 5).Select(id => $"w{(char)('a' + id / 26)}{(char)('a' + id % 26)}")];
    private readonly Tool _tool = new();

    [Fact]
    public void EncoderDecoderTakesLinesSideBySide()
    {
        string folder = Folder("TinyBart", Bart, "token_mappings.json", "{" + string.Join(", ", Words.Select((word, id) => $"\"{word}\": {id}")) + "}");
        string[] texts = [Text(7, 8), Text(9, 10, 11, 12, 13), Text(20), Text(63, 62, 61), Text(33, 33, 40)];
        foreach ((string[] how, bool draws) in new[] { ([], false), (["--beams", "2", "--length-penalty", "0.5"], false), (new[] { "-t", "1" }, true) })
        {
            string[] usual = ["run", folder, "-n", "9", .. how];
            // Where numbers are drawn, each line has a seed of its own.
            string[] alone = [.. texts.Select((text, index) => Lines(_tool.Run([.. usual, .. Seed(draws, index), text])).Single())];
            Assert.InRange(alone.Distinct().Count(), draws ? 3 : 2, texts.Length);
            foreach (string batch in new[] { "2", "32" })
                Assert.Equal([.. alone, "", ""], Lines(_tool.RunWithInput(string.Join('\n', texts) + "\n\n\n", [.. usual, .. Seed(draws, 0), "--lines", "--batch", batch])));
            usual = [.. usual, .. Seed(draws, 0)];
            ToolResult bad = _tool.RunWithInput($"{texts[0]}\n{Text([.. Enumerable.Repeat(9, 70)])}\n{texts[1]}\n", [.. usual, "--lines"]);
            Assert.Equal((1, alone[0] + "\n"), (bad.ExitCode, bad.Output));
            Assert.Contains("standard input: line 2: source: found 7", bad.Error);
            Assert.Contains("at most 64", bad.Error);
        }
    }

    [Fact]
    public void SearchAndChoiceOfTokensExcludeEachOtherForLinesToo()
    {
        string folder = Folder("TinyBart", Bart, "token_mappings.json", "{" + string.Join(", ", Words.Select((word, id) => $"\"{word}\": {id}")) + "}");
        ToolAssert.Usage(_tool.RunWithInput("wah\n", "run", folder, "-t", "0.5", "--beams", "2", "--lines"), "exclude each other");
    }

    [Fact]
    public void EncoderFillsMasksOfLines()
    {
        string folder = Folder("TinyBert", Bert, "vocab.txt", string.Join('\n', Words) + "\n");
        string[] texts = [$"{Text(7)} [MASK] {Text(8, 9)}", $"[MASK] {Text(30, 31, 32)} [MASK]", $"{Text(40, 41)} [MASK]"];
        string[] expected = [.. texts.Select(text => Filled(text, Lines(_tool.Run("run", folder, "--top", "1", text))))];
        Assert.Contains(texts.Zip(expected), pair => pair.First.Split(' ').Length == pair.Second.Split(' ').Length);
        foreach (string batch in new[] { "1", "32" })
        {
            string input = $"{texts[0]}\n{texts[1]}\n\n{texts[2]}\n";
            Assert.Equal([expected[0], expected[1], "", expected[2]], Lines(_tool.RunWithInput(input, "run", folder, "--lines", "--batch", batch)));
        }
        ToolResult bad = _tool.RunWithInput($"{texts[2]}\n{Text(7)}\n{texts[2]}\n", "run", folder, "--lines");
        Assert.Equal((1, expected[2] + "\n"), (bad.ExitCode, bad.Output));
        Assert.Contains("standard input: line 2: text: found no mask token; expected at least one. Write it where a token is to be guessed: [MASK].", bad.Error);
    }

    [Fact]
    public void ClassifierGivesTheProbabilitiesOfLines()
    {
        string folder = Folder("TinyClassifier", Bert.Replace("ForMaskedLM", "ForSequenceClassification"), "vocab.txt", string.Join('\n', Words) + "\n");
        string[] texts = [Text(7, 8, 9), Text(22)];
        string[] expected = [.. texts.Select(text => string.Join('\t', Lines(_tool.Run("run", folder, text)).Select(label => label.Split('\t')[0])))];
        Assert.Equal(3, expected[0].Split('\t').Length);
        Assert.NotEqual(expected[0], expected[1]);
        Assert.Equal([expected[0], "", expected[1]], Lines(_tool.RunWithInput($"{texts[0]}\n\n{texts[1]}\n", "run", folder, "--lines")));
    }

    [Fact]
    public void EncoderWithoutAHeadIsRefusedBeforeItsLinesAreRead()
    {
        string folder = Folder("Headless", Bert.Replace("BertForMaskedLM", "BertModel"), "vocab.txt", string.Join('\n', Words) + "\n");
        ToolAssert.InvalidInput(_tool.RunWithInput("wah\n", "run", folder, "--lines"), "formwork embed");
    }

    public void Dispose() => _tool.Dispose();

    private string Folder(string name, string config, string file, string text)
    {
        _tool.Write($"{name}/{file}", text);
        string folder = Path.GetDirectoryName(_tool.Write($"{name}/config.json", config))!;
        ModelGraph graph = ModelCompiler.Graph(ModelCompiler.Parse(HuggingFaceFolder.Import(folder).Text).Spec!);
        LayoutCheckpoint.Write(folder, graph, RandomParameters.Draw(graph, seed: 1));
        return folder;
    }

    private static string[] Seed(bool draws, int line) => draws ? ["--seed", $"{3 + line}"] : [];

    private static string Text(params int[] words) => string.Join(' ', words.Select(id => Words[id]));

    // The likeliest token of each mask, as `--top 1` lists them, where the mask stood; a special one is no text.
    private static string Filled(string text, string[] listed)
    {
        var tokens = new Queue<string>(listed.Where(line => line.Length > 0).Select(line => line.Split('\t')[1]));
        string[] words = [.. text.Split(' ').Select(word => word == "[MASK]" ? tokens.Dequeue() : word)];
        Assert.Empty(tokens);
        return string.Join(' ', words.Where(word => !word.StartsWith('[')));
    }

    private static string[] Lines(ToolResult result)
    {
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output[..^1].Split('\n');
    }
}
