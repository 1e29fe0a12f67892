using Formwork.Compiler;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Models;
using Formwork.Runtime.Weights;
using Formwork.TestSupport.Compilation;

namespace Formwork.Models.Tests.Transformers;

/// <summary>An encoder and a translator, compiled once, with random weights that leave nothing trivial.</summary>
internal static class SmallTransformers
{
    private const string Bert =
        """
        model: SmallBert
        architecture: encoder-only
        vocabulary: 61
        context: 150
        width: 48
        layers: 2
        attention: {heads: 4, bias: true}
        feed_forward: {width: 96, activation: gelu, bias: true}
        norm: {kind: layer, epsilon: 1e-12, placement: post}
        positions: {kind: learned}
        embedding: {tied: true, norm: true, token_types: 2}
        unembedding: {bias: true, transform: gelu, transform_bias: true}
        pooler: {activation: tanh, bias: true}
        weights: {layout: bert}
        """;

    private const string Translator =
        """
        model: SmallTranslator
        architecture: encoder-decoder
        vocabulary: 61
        context: 150
        width: 48
        layers: 2
        attention: {heads: 4, bias: true}
        feed_forward: {width: 96, activation: relu, bias: true}
        norm: {kind: layer, epsilon: 1e-5, placement: post}
        positions: {kind: sinusoidal, arrangement: halves}
        embedding: {tied: true, scale: sqrt_width}
        unembedding: {bias: true}
        weights: {layout: bart}
        tokenizer: {kind: none, end: [0]}
        generation: {start: 60}
        """;

    private static readonly Lazy<CompiledAssembly> Compiled = new(() => InMemoryCompiler.Compile(Parse(Bert), Parse(Translator)));

    public static EncoderModel LoadEncoder(int threads = 1, int maxPassTokens = 512) => Load<EncoderModel>("SmallBert", threads, maxPassTokens);

    public static EncoderDecoderModel LoadTranslator(int threads = 1, int maxPassTokens = 512) => Load<EncoderDecoderModel>("SmallTranslator", threads, maxPassTokens);

    /// <summary>So many tokens, the same each time; none ends a text.</summary>
    public static int[] Tokens(int count, int seed = 0) => [.. Enumerable.Range(0, count).Select(index => 1 + (index * 37 + seed * 11) % 59)];

    private static ModelSpec Parse(string text)
    {
        ParsedModel parsed = SpecParser.Parse(new ModelText("small.model.yaml", text));
        return parsed.Spec ?? throw new InvalidOperationException(string.Join("\n", parsed.Diagnostics));
    }

    private static TModel Load<TModel>(string name, int threads, int maxPassTokens)
        where TModel : TransformerModel
    {
        Type type = Compiled.Value.Assembly.GetType($"Formwork.Models.{name}", throwOnError: true)!;
        var description = (ModelDescription)type.GetProperty("Architecture")!.GetValue(null)!;
        // Small as they are, the models use all their threads.
        var options = new LoadOptions { Threads = threads, MaxPassTokens = maxPassTokens, ParallelMultiplyAdds = 0 };
        var parts = new ModelParts(description, WeightLoader.Random(description.Weights, 5, RandomKind.Everything), null, options);
        return (TModel)type.GetMethod("FromParts")!.Invoke(null, [parts])!;
    }
}
