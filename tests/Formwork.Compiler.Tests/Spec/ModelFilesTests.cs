using System.Text.Json;
using Formwork.Compiler.Spec;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Compiler.Tests.Spec;

/// <summary>The specs that ship in models/.</summary>
public sealed class ModelFilesTests
{
    /// <summary>Their paths within the repository.</summary>
    public static TheoryData<string> Files => [.. Directory
        .EnumerateFiles(Path.Combine(TestData.Repository, "models"), "*.model.yaml", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(TestData.Repository, path))
        .Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public void ParsesWithoutFindings(string file)
    {
        ParsedModel parsed = SpecParser.Parse(new ModelText(file, File.ReadAllText(Path.Combine(TestData.Repository, file))));
        Assert.Empty(parsed.Diagnostics);
        Assert.NotNull(parsed.Spec);
    }

    [DataTheory("stories260K-hf", "capp-gpt2")]
    [InlineData("stories260k", "stories260K-hf", "hidden_size", "num_hidden_layers", "num_attention_heads", "max_position_embeddings")]
    [InlineData("capp-gpt2", "capp-gpt2", "n_embd", "n_layer", "n_head", "n_positions")]
    public void SaysWhatItsCheckpointsConfigurationSays(string model, string checkpoint, string width, string layers, string heads, string context)
    {
        ModelSpec spec = GoodSpec.Resolve(File.ReadAllText(Path.Combine(TestData.Repository, "models", model, model + ".model.yaml")));
        using var config = JsonDocument.Parse(File.ReadAllText(TestData.Path(checkpoint, "config.json")));
        int Number(string key) => config.RootElement.GetProperty(key).GetInt32();

        Assert.Equal(
            (Number("vocab_size"), Number(width), Number(layers), Number(heads), Number(context)),
            (spec.Vocabulary, spec.Width, spec.Decoder!.Layers.Count, spec.Decoder.Layers[0].Attention.Heads, spec.Decoder.Context));
    }
}
