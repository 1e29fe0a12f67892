using System.Text.Json;
using Formwork.TestSupport;

namespace Formwork.Cli.Tests;

/// <summary>The models that the tests run.</summary>
public static class Models
{
    /// <summary>The trained storyteller that comes with the repository.</summary>
    public static string Stories => Path.Combine(TestData.Repository, "models", "stories260k");

    /// <summary>The trained translator that comes with the repository.</summary>
    public static string Translator => Path.Combine(TestData.Repository, "models", "multi30k-en-de");

    /// <summary>A model whose spec has training.</summary>
    public static string Learner => Path.Combine(TestData.Repository, "models", "shakespeare-char");

    /// <summary>A spec whose text goes on for as long as a test needs: almost no work a token, and a long context.</summary>
    public const string Endless = """
        model: Endless
        architecture: decoder-only
        vocabulary: 512
        context: 200000
        width: 16
        layers: 1
        attention: {heads: 1}
        feed_forward: {width: 16, activation: silu, gated: true}
        norm: {kind: rms, epsilon: 1e-5}
        positions: {kind: rotary}
        embedding: {tied: true}
        weights: {layout: llama}
        tokenizer: {kind: llama2c, file: tok512.bin, begin: 1}

        """;

    /// <summary>The prompt of a golden output of llama2.c.</summary>
    public static string GoldenPrompt(int number)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("stories260K", "golden", $"g0{number}.json")));
        return golden.RootElement.GetProperty("prompt").GetString()!;
    }

    /// <summary>What llama2.c wrote for it, to the byte.</summary>
    public static byte[] GoldenOutput(int number) => File.ReadAllBytes(TestData.Path("stories260K", "golden", $"g0{number}.txt"));
}
