using Formwork.TestSupport;
using Xunit;

namespace Formwork.Cli.Tests;

/// <summary>What the verbs do with encoders and with models of two stacks: tiny folders, weights drawn at random.</summary>
public sealed class ArchitecturesTests : IDisposable
{
    private const string Words = """{"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4, "the": 5, "cat": 6, "sat": 7}""";

    private const string Bert = """
        {
          "architectures": ["BertForMaskedLM"], "model_type": "bert", "hidden_size": 32, "intermediate_size": 64, "max_position_embeddings": 32,
          "num_attention_heads": 4, "num_hidden_layers": 1, "vocab_size": 8
        }
        """;

    private const string Bart = """
        {
          "architectures": ["BartForConditionalGeneration"], "model_type": "bart", "d_model": 32, "encoder_layers": 1, "decoder_layers": 1,
          "encoder_attention_heads": 4, "decoder_attention_heads": 4, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "max_position_embeddings": 64,
          "vocab_size": 8, "eos_token_id": 3, "decoder_start_token_id": 2, "num_beams": 3
        }
        """;

    private readonly Tool _tool = new();

    [Fact]
    public void EncoderFillsMasksAndMakesVectors()
    {
        string folder = Folder("TinyBert", Bert, "vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ncat\nsat\n");
        string[] fillings = Lines(_tool.Run("run", folder, "the [MASK] sat [MASK]", "--random-weights", "1", "--top", "3"));
        Assert.Equal(7, fillings.Length);
        Assert.Equal("", fillings[3]);
        Assert.Matches(@"^0\.\d{4}\t\S+$", fillings[0]);
        ToolAssert.InvalidInput(_tool.Run("run", folder, "the cat", "--random-weights", "1"), "[MASK]");

        string[] vectors = Lines(_tool.Run("embed", folder, "the cat", "sat", "--random-weights", "1"));
        Assert.Equal([32, 32], vectors.Select(line => line.Split(' ').Length));
        string[] alike = Lines(_tool.Run("embed", folder, "the cat", "the cat", "sat", "--random-weights", "1", "--similarity"));
        Assert.Equal(3, alike.Length);
        Assert.StartsWith("1.0000 1.0000 ", alike[0]);
        Assert.Equal(vectors, Lines(_tool.RunWithInput("the cat\nsat\n", "embed", folder, "--random-weights", "1")));
        ToolAssert.InvalidInput(_tool.Run("embed", folder, "alone", "--similarity", "--random-weights", "1"), "two or more");
    }

    [Fact]
    public void EncoderDecoderSearchesUnlessToldHowToChoose()
    {
        string folder = Folder("TinyBart", Bart, "token_mappings.json", Words);
        string[] best = Lines(_tool.Run("run", folder, "the cat", "--random-weights", "1", "-n", "6"));
        Assert.Single(best);
        string[] several = Lines(_tool.Run("run", folder, "the cat", "--random-weights", "1", "-n", "6", "--n-best", "3", "--length-penalty", "0.6"));
        Assert.Equal(3, several.Length);
        Assert.All(several, line => Assert.Matches(@"^-?\d+\.\d{4}\t", line));
        ToolResult drawn = _tool.Run("run", folder, "the cat", "--random-weights", "1", "-n", "6", "-t", "0.5", "--seed", "3");
        Assert.True(drawn.ExitCode == 0, drawn.Error);
        Assert.Contains("seed 3", drawn.Error);
        ToolAssert.Usage(_tool.Run("run", folder, "the cat", "--random-weights", "1", "-t", "0.5", "--beams", "2"), "exclude each other");
    }

    [Fact]
    public void VerbForOneArchitectureRefusesAnother()
    {
        string folder = Folder("TinyBart", Bart, "token_mappings.json", Words);
        ToolAssert.InvalidInput(_tool.Run("embed", folder, "the", "--random-weights", "1"), "an encoder-only model");
    }

    [Fact]
    public void BenchMeasuresWhatThereIs()
    {
        string both = Folder("TinyBart", Bart, "token_mappings.json", Words), encoder = Folder("TinyBert", Bert, "token_mappings.json", Words);
        string[] usual = ["--random-weights", "1", "--repetitions", "1", "--prompt-tokens", "8"];
        Assert.Contains("encode", _tool.Run(["bench", encoder, .. usual]).Output);
        ToolResult two = _tool.Run(["bench", both, "--new-tokens", "4", .. usual]);
        Assert.Contains("encode", two.Output);
        Assert.Contains("decode", two.Output);
        ToolAssert.InvalidInput(_tool.Run(["bench", both, "--new-tokens", "64", .. usual]), "at most 64 and 63");
    }

    [DataFact("tiny-bert-random")]
    public void RealFolderMakesVectors() =>
        Assert.Equal(32, Lines(_tool.Run("embed", TestData.Path("tiny-bert-random"), "hello world"))[0].Split(' ').Length);

    public void Dispose() => _tool.Dispose();

    private string Folder(string name, string config, string file, string text)
    {
        _tool.Write($"{name}/{file}", text);
        return Path.GetDirectoryName(_tool.Write($"{name}/config.json", config))!;
    }

    private static string[] Lines(ToolResult result)
    {
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output.TrimEnd('\n').Split('\n');
    }
}
