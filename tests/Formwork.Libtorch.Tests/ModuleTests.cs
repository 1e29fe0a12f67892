using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Interpreter;
using Formwork.TestSupport.Specs;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests;

/// <summary>libtorch's own modules, given a graph's parameters, say what the graph says: here nothing is written by us but the copying.</summary>
public class ModuleTests : TorchTest
{
    private const int Width = 24, Heads = 4, Hidden = 40;
    private static readonly int[] Prompt = [1, 6, 6, 0, 9, 4, 2];

    [LibtorchTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void MultiheadAttentionAgrees(bool bias)
    {
        ModelGraph graph = GraphBuilder.Build(Spec(NormPlacement.Post, Activation.Relu).WithAttention(
            attention => attention with { QueryBias = bias, KeyBias = bias, ValueBias = bias, OutputBias = bias }));
        IReadOnlyDictionary<string, double[]> parameters = RandomParameters.Draw(graph, seed: 2);
        NodeValues values = GraphInterpreter.Run(graph, parameters, Prompt);
        MultiheadAttention attention = nn.MultiheadAttention(Width, Heads, bias: bias);
        Fill(attention, "layers.0.attention", Tensors(graph, parameters));

        Tensor x = Batched(values["residual_stream"]);
        Agree(values["layers.0.attention.output"], attention.call(x, x, x, null!, false, CausalMask()).Item1);
    }

    [LibtorchTheory]
    [InlineData(Activation.Relu, nn.Activations.ReLU)]
    [InlineData(Activation.Gelu, nn.Activations.GELU)]
    public void AnEncoderLayerUnderACausalMaskIsAPostNormLayer(Activation activation, nn.Activations torchActivation)
    {
        ModelGraph graph = GraphBuilder.Build(Spec(NormPlacement.Post, activation));
        IReadOnlyDictionary<string, double[]> parameters = RandomParameters.Draw(graph, seed: 3);
        NodeValues values = GraphInterpreter.Run(graph, parameters, Prompt);
        TransformerEncoderLayer layer = nn.TransformerEncoderLayer(Width, Heads, Hidden, dropout: 0, torchActivation);
        Fill(layer, "layers.0", Tensors(graph, parameters));

        Agree(values["layers.0.feed_forward.norm"], layer.call(Batched(values["residual_stream"]), CausalMask(), null!));
    }

    [LibtorchFact]
    public void AnEncoderUnderACausalMaskIsAWholePostNormModel()
    {
        ModelGraph graph = GraphBuilder.Build(Spec(NormPlacement.Post, Activation.Relu, layers: 3));
        IReadOnlyDictionary<string, double[]> parameters = RandomParameters.Draw(graph, seed: 4);
        NodeValues values = GraphInterpreter.Run(graph, parameters, Prompt);
        Dictionary<string, Tensor> given = Tensors(graph, parameters);
        TransformerEncoder encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(Width, Heads, Hidden, dropout: 0), 3);
        for (int layer = 0; layer < 3; layer++)
            Fill(encoder, $"layers.{layer}", given, $"layers.{layer}.");

        Tensor embedded = nn.Embedding_from_pretrained(given["embedding.token"]).call(tensor(Prompt, int64)) * Math.Sqrt(Width);
        Tensor x = embedded + Batched(values["embedding.positions"]).squeeze(1);
        Tensor y = encoder.call(x.unsqueeze(1), CausalMask(), null!).squeeze(1);
        Agree(values.Logits, nn.functional.linear(y, given["embedding.token"]));
    }

    [LibtorchFact]
    public void NormsBeforeEachPartAreAPreNormLayer()
    {
        ModelGraph graph = GraphBuilder.Build(Spec(NormPlacement.Pre, Activation.Gelu));
        IReadOnlyDictionary<string, double[]> parameters = RandomParameters.Draw(graph, seed: 6);
        NodeValues values = GraphInterpreter.Run(graph, parameters, Prompt);
        Dictionary<string, Tensor> given = Tensors(graph, parameters);
        MultiheadAttention attention = nn.MultiheadAttention(Width, Heads);
        Fill(attention, "layers.0.attention", given);
        Sequential feedForward = nn.Sequential(
            ("norm", Filled(nn.LayerNorm(Width), "layers.0.feed_forward.norm", given)),
            ("up", Filled(nn.Linear(Width, Hidden), "layers.0.feed_forward.up", given)),
            ("activation", nn.GELU()),
            ("down", Filled(nn.Linear(Hidden, Width), "layers.0.feed_forward.down", given)));

        Tensor x = Batched(values["residual_stream"]);
        Tensor normed = Filled(nn.LayerNorm(Width), "layers.0.attention.norm", given).call(x);
        x = x + attention.call(normed, normed, normed, null!, false, CausalMask()).Item1;
        x = x + feedForward.call(x);
        Agree(values["layers.0.feed_forward.residual"], x);
        Agree(values["final_norm"], Filled(nn.LayerNorm(Width), "final_norm", given).call(x));
    }

    private static ModelSpec Spec(NormPlacement placement, Activation activation, int layers = 1)
    {
        ModelSpec spec = SmallSpecs.Gpt2(vocabulary: 11, width: Width, layers: layers, heads: Heads)
            .WithPositions(PositionKind.Sinusoidal)
            .WithFeedForward(feedForward => feedForward with { Width = Hidden, Activation = activation })
            .WithLayers(layer => layer with { Placement = placement });
        return spec with { Embedding = new EmbeddingSpec(Math.Sqrt(Width)) };
    }

    /// <summary>[tokens, batch 1, width], the order that these modules take.</summary>
    private static Tensor Batched(double[] values) => Of(values, Prompt.Length, 1, Width);

    private static Tensor CausalMask() => triu(full(Prompt.Length, Prompt.Length, double.NegativeInfinity, float64), 1);

    private static T Filled<T>(T module, string path, Dictionary<string, Tensor> given)
        where T : nn.Module
    {
        Fill(module, path, given);
        return module;
    }

    /// <summary>Copies a graph's parameters into a module, in float64; every parameter of the module below <paramref name="prefix"/> gets its own.</summary>
    private static void Fill(nn.Module module, string path, Dictionary<string, Tensor> given, string prefix = "")
    {
        module.to(float64);
        module.eval();
        int filled = 0;
        foreach ((string name, Parameter parameter) in module.named_parameters().Where(entry => entry.name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            parameter.copy_(Value(name[prefix.Length..], path, given));
            filled++;
        }
        Assert.NotEqual(0, filled);
    }

    /// <summary>The graph's parameter for a module's; query, key and value are one matrix there.</summary>
    private static Tensor Value(string name, string path, Dictionary<string, Tensor> given)
    {
        string kind = name[(name.LastIndexOf('.') + 1)..];
        return name switch
        {
            "in_proj_weight" or "in_proj_bias" => cat(
                new[] { "query", "key", "value" }.Select(part => given[$"{path}.{part}.{kind["in_proj_".Length..]}"]).ToArray(), 0),
            "weight" or "bias" => given[$"{path}.{kind}"],
            "out_proj.weight" or "out_proj.bias" => given[$"{path}.output.{kind}"],
            _ when name.StartsWith("self_attn.", StringComparison.Ordinal) => Value(name["self_attn.".Length..], $"{path}.attention", given),
            _ when name.StartsWith("linear1.", StringComparison.Ordinal) => given[$"{path}.feed_forward.up.{kind}"],
            _ when name.StartsWith("linear2.", StringComparison.Ordinal) => given[$"{path}.feed_forward.down.{kind}"],
            _ when name.StartsWith("norm1.", StringComparison.Ordinal) => given[$"{path}.attention.norm.{kind}"],
            _ when name.StartsWith("norm2.", StringComparison.Ordinal) => given[$"{path}.feed_forward.norm.{kind}"],
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "a parameter that the graph has none for"),
        };
    }
}
