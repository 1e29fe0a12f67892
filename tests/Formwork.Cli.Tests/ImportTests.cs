using Formwork.TestSupport;
using Xunit;

namespace Formwork.Cli.Tests;

/// <summary>Hugging Face folders: as specs, and where a verb takes a spec.</summary>
public sealed class ImportTests : IDisposable
{
    private const string Config = """
        {
          "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "hidden_size": 32, "intermediate_size": 64,
          "max_position_embeddings": 64, "num_attention_heads": 4, "num_hidden_layers": 1, "rms_norm_eps": 1e-05, "rope_theta": 10000.0,
          "tie_word_embeddings": true, "vocab_size": 53, "eos_token_id": 51
        }
        """;

    private readonly Tool _tool = new();

    [Fact]
    public void SpecGoesToStandardOutputOrToAFile()
    {
        string folder = Path.GetDirectoryName(_tool.Write("Tiny-1.5B/config.json", Config))!;
        ToolResult printed = _tool.Run("import", folder);
        Assert.Equal((0, ""), (printed.ExitCode, printed.Error));
        Assert.Contains("model: Tiny1_5B\n", printed.Output);

        string file = Path.Combine(_tool.Home, "deep", "tiny.model.yaml");
        ToolResult written = _tool.Run("import", folder, "-o", file, "--name", "Other");
        Assert.Equal((0, ""), (written.ExitCode, written.Output));
        Assert.Equal(printed.Output.Replace("Tiny1_5B", "Other"), File.ReadAllText(file));
        Assert.Contains("1 spec, 0 errors", _tool.Run("check", file).Error);
    }

    [Fact]
    public void VerbsTakeTheFolder()
    {
        string folder = Path.GetDirectoryName(_tool.Write("Tiny/config.json", Config))!;
        Assert.Contains("1 spec, 0 errors", _tool.Run("check", folder).Error);
        Assert.Contains("model: Tiny\n", _tool.Run("inspect", folder, "--stage", "spec").Output);
        Assert.Contains("Tiny.g.cs", _tool.Run("emit", folder, "-o", Path.Combine(_tool.Home, "out")).Error);
        ToolAssert.InvalidInput(_tool.Run("tokenize", folder, "x"), "tokenizer");
    }

    [Fact]
    public void SpecBesideTheConfigurationGoesFirst()
    {
        string folder = Path.GetDirectoryName(_tool.Write("Tiny/config.json", Config))!;
        _tool.Run("import", folder, "-o", Path.Combine(folder, "mine.model.yaml"), "--name", "Mine");
        Assert.Contains("model: Mine\n", _tool.Run("inspect", folder, "--stage", "spec").Output);
    }

    [Theory]
    [InlineData("\"llama\"", "\"lama\"", "config.json: model_type: found \"lama\"")]
    [InlineData("\"hidden_size\": 32,", "", "hidden_size: found no such key")]
    [InlineData("\"num_attention_heads\": 4", "\"num_attention_heads\": 5", "num_attention_heads: found 5; expected a divisor of hidden_size, which is 32")]
    [InlineData("\"vocab_size\"", "vocab_size", "found broken JSON; expected a whole JSON document")]
    public void BrokenConfigurationIsToldByKey(string text, string changed, string message)
    {
        string folder = Path.GetDirectoryName(_tool.Write("Tiny/config.json", Config.Replace(text, changed)))!;
        ToolAssert.InvalidInput(_tool.Run("import", folder), message);
    }

    [DataFact("capp-gpt2")]
    public void FolderRunsDirectly()
    {
        ToolResult result = _tool.Run("run", TestData.Path("capp-gpt2"), "Turning <EOC>", "-t", "0", "-n", "8");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.StartsWith("Turning <EOC>", result.Output);
        ToolResult searched = _tool.Run("run", TestData.Path("capp-gpt2"), "Turning <EOC>", "--beams", "3", "--n-best", "2", "-n", "8");
        Assert.True(searched.ExitCode == 0, searched.Error);
        Assert.Equal(2, searched.Output.Count(character => character == '\t'));
    }

    public void Dispose() => _tool.Dispose();
}
