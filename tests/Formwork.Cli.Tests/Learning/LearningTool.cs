using Xunit;

namespace Formwork.Cli.Tests.Learning;

/// <summary>The tests of what learns: they share a tool.</summary>
[CollectionDefinition(Name)]
public sealed class LearningTests : ICollectionFixture<LearningTool>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Learning";
}

/// <summary>One tool with tiny models that learn and texts for them; what one test has compiled serves the others.</summary>
public sealed class LearningTool : IDisposable
{
    private const string Shape = """
        width: 16
        layers: 1
        attention: {heads: 2, bias: true}
        feed_forward: {width: 32, activation: gelu, bias: true}
        norm: {kind: layer, epsilon: 1e-5}
        positions: {kind: learned}
        """;

    /// <summary>The tool.</summary>
    public Tool Tool { get; } = new();

    /// <summary>A model that continues texts, of characters; it has dropout.</summary>
    public string Decoder => Model("Letters", $"""
        model: Letters
        architecture: decoder-only
        vocabulary: 28
        context: 16
        {Shape}
        embedding: {Tied}
        training: {Dropout}
        tokenizer: {Characters}
        """);

    /// <summary>A model that fills masks. Its spec says nothing of training.</summary>
    public string Encoder => Model("Masks", $"""
        model: Masks
        architecture: encoder-only
        vocabulary: 270
        context: 64
        {Shape}
        embedding: {Tied}
        unembedding: {Biased}
        tokenizer: {TokenizerJson}
        """);

    /// <summary>A model that tells two kinds of text apart.</summary>
    public string Classifier => Model("Kinds", $"""
        model: Kinds
        architecture: encoder-only
        vocabulary: 270
        context: 64
        {Shape}
        classifier: {Labels}
        tokenizer: {TokenizerJson}
        """);

    /// <summary>A model that translates.</summary>
    public string Translator => Model("Pairs", $"""
        model: Pairs
        architecture: encoder-decoder
        vocabulary: 270
        context: 64
        {Shape}
        embedding: {Tied}
        generation: {Search}
        tokenizer: {Framed}
        """);

    /// <summary>A long text.</summary>
    public string Text => Tool.Write("text.txt", string.Concat(Enumerable.Repeat("the quick brown fox jumps over the lazy dog\n", 30)));

    /// <summary>A text a line.</summary>
    public string Lines => Tool.Write("lines.txt", string.Concat(Enumerable.Range(0, 20).Select(line => $"a {Colour(line)} fox and a {Colour(line + 1)} dog\n")));

    /// <summary>Labelled texts.</summary>
    public string Labelled => Tool.Write("labelled.jsonl", string.Concat(Enumerable.Range(0, 20).Select(line => $$"""{"text": "a {{Colour(line)}} fox", "kind": {{line % 2}}}""" + "\n")));

    /// <summary>Lines that belong to <see cref="Lines"/>.</summary>
    public string Targets => Tool.Write("targets.txt", string.Concat(Enumerable.Range(0, 20).Select(line => $"ein Fuchs, {Colour(line)}, und ein Hund\n")));

    /// <summary>Runs the tool in the tests' folder; it ends well.</summary>
    public ToolResult Run(params string[] arguments)
    {
        ToolResult result = Tool.Run(arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        return result;
    }

    /// <summary>The path of a run's folder.</summary>
    public string Folder(string name) => Path.Combine(Tool.Home, "runs", name);

    /// <summary>Sets all weights of a model's folder to zero: all its logits are equal then.</summary>
    public static void Silence(string folder)
    {
        string path = Path.Combine(folder, "model.safetensors");
        byte[] file = File.ReadAllBytes(path);
        file.AsSpan(8 + (int)BitConverter.ToInt64(file)).Clear();
        File.WriteAllBytes(path, file);
    }

    public void Dispose() => Tool.Dispose();

    private const string Tied = "{tied: true}", Dropout = "{dropout: 0.1}", Characters = "{kind: characters, file: characters.json}", Biased = "{bias: true}",
        TokenizerJson = "{kind: tokenizer_json}", Labels = "{labels: 2}", Search = "{start: 0, beams: 2}", Framed = "{kind: tokenizer_json, begin: 0, end: [1]}";

    private static string Colour(int number) => (number % 3) switch { 0 => "red", 1 => "brown", _ => "grey" };

    private string Model(string name, string spec) => Path.GetDirectoryName(Tool.Write($"{name}/{name.ToLowerInvariant()}.model.yaml", spec + "\n"))!;
}
