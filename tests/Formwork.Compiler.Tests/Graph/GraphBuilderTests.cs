using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Compiler.Tests.Graph;

public class GraphBuilderTests
{
    [Theory]
    [MemberData(nameof(AllKinds))]
    public void EveryKindOfModelGivesALegalGraph(NormPlacement placement, NormKind kind, PositionKind positions, bool gated)
    {
        ModelSpec spec = SmallSpecs.Llama()
            .WithPositions(positions)
            .WithFeedForward(feedForward => feedForward with { Gated = gated, UpBias = true })
            .WithLayers(layer => layer with { Placement = placement, Norm = layer.Norm with { Kind = kind } });

        ModelGraph graph = GraphBuilder.Build(spec);

        Assert.Empty(GraphVerifier.Verify(graph));
        Assert.Equal("[tokens, 53]", graph.Output.Shape.ToString());
        Assert.Equal("logits", graph.Output.Name);
    }

    [Theory]
    [InlineData(NormPlacement.Pre, "attention.norm feed_forward.norm final_norm")]
    [InlineData(NormPlacement.Post, "attention.norm feed_forward.norm")]
    [InlineData(NormPlacement.Both, "attention.norm attention.output_norm feed_forward.norm feed_forward.output_norm final_norm")]
    [InlineData(NormPlacement.Output, "attention.output_norm feed_forward.output_norm final_norm")]
    public void ThePlacementDecidesWhichNormsThereAre(NormPlacement placement, string expected)
    {
        ModelSpec spec = SmallSpecs.Llama(layers: 1).WithLayers(layer => layer with { Placement = placement });

        ModelGraph graph = GraphBuilder.Build(spec);

        string norms = string.Join(" ", graph.Nodes.Where(node => node.Operation is RmsNorm).Select(node => node.Name.Replace("layers.0.", "")));
        Assert.Equal(expected, norms);
    }

    [Fact]
    public void PreNormAddsThePartToTheStreamThatWasNotNormed()
    {
        ModelGraph graph = GraphBuilder.Build(SmallSpecs.Llama());

        Assert.Equal(["embedding", "layers.0.attention.output"], InputNames(graph, "layers.0.attention.residual"));
        Assert.Equal("layers.0.attention.residual", InputNames(graph, "layers.0.feed_forward.norm")[0]);
    }

    [Fact]
    public void PostNormNormsTheSum()
    {
        ModelGraph graph = GraphBuilder.Build(SmallSpecs.Llama().WithLayers(layer => layer with { Placement = NormPlacement.Post }));

        Assert.Equal("embedding", InputNames(graph, "layers.0.attention.query")[0]);
        Assert.Equal("layers.0.attention.residual", InputNames(graph, "layers.0.attention.norm")[0]);
        Assert.Equal(["layers.0.attention.norm", "layers.0.feed_forward.down"], InputNames(graph, "layers.0.feed_forward.residual"));
        Assert.Equal("layers.1.feed_forward.norm", InputNames(graph, "logits")[0]);
    }

    [Fact]
    public void GroupedHeadsMakeKeysAndValuesNarrowerAndAHeadWidthOfItsOwnMakesThemWider()
    {
        ModelSpec spec = SmallSpecs.Llama(width: 32, heads: 4, keyValueHeads: 2)
            .WithAttention(attention => attention with { HeadWidth = 12, Rotary = attention.Rotary! with { Width = 12 } });

        ModelGraph graph = GraphBuilder.Build(spec);

        Assert.Equal("[48, 32]", ShapeOf(graph, "layers.0.attention.query.weight"));
        Assert.Equal("[24, 32]", ShapeOf(graph, "layers.0.attention.key.weight"));
        Assert.Equal("[24, 32]", ShapeOf(graph, "layers.0.attention.value.weight"));
        Assert.Equal("[32, 48]", ShapeOf(graph, "layers.0.attention.output.weight"));
        Assert.Equal("[tokens, 48]", ShapeOf(graph, "layers.0.attention.attended"));
    }

    [Fact]
    public void EveryBiasHasASwitchOfItsOwn()
    {
        ModelSpec plain = SmallSpecs.Llama(layers: 1);
        ModelSpec biased = plain
            .WithAttention(attention => attention with { QueryBias = true })
            .WithFeedForward(feedForward => feedForward with { GateBias = true, DownBias = true });

        Assert.DoesNotContain(GraphBuilder.Build(plain).Parameters, parameter => parameter.Name.EndsWith(".bias", StringComparison.Ordinal));
        Assert.Equal(
            ["layers.0.attention.query.bias", "layers.0.feed_forward.gate.bias", "layers.0.feed_forward.down.bias"],
            GraphBuilder.Build(biased).Parameters.Select(parameter => parameter.Name).Where(name => name.EndsWith(".bias", StringComparison.Ordinal)));
    }

    [Fact]
    public void ATiedUnembeddingReadsTheTokenTable()
    {
        ModelSpec spec = SmallSpecs.Llama();

        Assert.Equal("unembedding.weight", InputNames(GraphBuilder.Build(spec), "logits")[1]);
        Assert.Equal("embedding.token", InputNames(GraphBuilder.Build(spec with { Unembedding = new UnembeddingSpec(true, false) }), "logits")[1]);
        Assert.Equal(
            ["final_norm", "embedding.token", "unembedding.bias"],
            InputNames(GraphBuilder.Build(spec with { Unembedding = new UnembeddingSpec(true, true) }), "logits"));
    }

    [Fact]
    public void AnEmbeddingScaleOfOneIsNoOperation()
    {
        ModelSpec spec = SmallSpecs.Llama();

        Assert.DoesNotContain(GraphBuilder.Build(spec).Nodes, node => node.Operation is Scale);
        Node scale = Assert.Single(GraphBuilder.Build(spec with { Embedding = new EmbeddingSpec(8) }).Nodes, node => node.Operation is Scale);
        Assert.Equal(new Scale(8), scale.Operation);
    }

    [Fact]
    public void LayersCanDiffer()
    {
        ModelSpec spec = SmallSpecs.Llama(layers: 2);
        LayerSpec first = spec.Decoder!.Layers[0];
        LayerSpec second = first with
        {
            Attention = first.Attention with { KeyValueHeads = 4, Rotary = null },
            FeedForward = first.FeedForward with { Gated = false, Width = 20 },
            Placement = NormPlacement.Both,
        };

        ModelGraph graph = GraphBuilder.Build(spec.WithLayers(first, second));

        Assert.Empty(GraphVerifier.Verify(graph));
        Assert.Equal("[tokens, 85]", ShapeOf(graph, "layers.0.feed_forward.hidden"));
        Assert.Equal("[tokens, 20]", ShapeOf(graph, "layers.1.feed_forward.hidden"));
        Assert.Contains(graph.Nodes, node => node.Name == "layers.0.attention.query.rotated");
        Assert.DoesNotContain(graph.Nodes, node => node.Name == "layers.1.attention.query.rotated");
        Assert.Equal("[32, 32]", ShapeOf(graph, "layers.1.attention.key.weight"));
    }

    public static IEnumerable<object[]> AllKinds() =>
        from placement in Enum.GetValues<NormPlacement>()
        from kind in Enum.GetValues<NormKind>()
        from positions in Enum.GetValues<PositionKind>()
        from gated in new[] { false, true }
        select new object[] { placement, kind, positions, gated };

    private static Node Named(ModelGraph graph, string name) => graph.Nodes.Single(node => node.Name == name);

    private static string ShapeOf(ModelGraph graph, string name) => Named(graph, name).Shape.ToString();

    private static string[] InputNames(ModelGraph graph, string name) => Named(graph, name).Inputs.Select(input => input.Name).ToArray();
}
