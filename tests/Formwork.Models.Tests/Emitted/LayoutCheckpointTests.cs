using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Weights;
using Formwork.TestSupport.Checkpoints;
using Formwork.TestSupport.Interpreter;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Models.Tests.Emitted;

/// <summary>The tests' own reading of weight layouts, on which the tests of emitted code stand.</summary>
public class LayoutCheckpointTests
{
    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        foreach (ModelSpec spec in RandomSpecs.Draw(20, seed: 3))
        {
            ModelGraph graph = GraphBuilder.Build(spec);
            IReadOnlyDictionary<string, double[]> parameters = RandomParameters.Draw(graph, seed: 1);
            DirectoryInfo folder = Directory.CreateTempSubdirectory("formwork-layout-");
            try
            {
                LayoutCheckpoint.Write(folder.FullName, graph, parameters);
                using Checkpoint checkpoint = Checkpoint.Open(folder.FullName);
                Assert.Equal(parameters, LayoutCheckpoint.Read(graph, checkpoint));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    [Fact]
    public void TransposedMatricesHaveTheirInputsFirst()
    {
        ModelSpec spec = SmallSpecs.Gpt2(width: 4, heads: 1, layers: 1) with { Weights = CanonicalLayout.Value.WithTransposedLayers() };
        var (shape, values, given) = Stored(spec, "layers.0.feed_forward.up.weight", "layers.0.feed_forward.up.weight");

        Assert.Equal([4, 16], shape);
        Assert.Equal(given[1 * 4 + 2], values[2 * 16 + 1]);
    }

    [Fact]
    public void FusedTensorsHoldTheirPartsInOrder()
    {
        ModelSpec spec = SmallSpecs.Llama(width: 8, heads: 2, keyValueHeads: 1, layers: 1) with
        {
            Weights = CanonicalLayout.Value.WithFused("h.{layer}.attn", true, "query", "key", "value"),
        };
        var (shape, values, given) = Stored(spec, "h.0.attn.weight", "layers.0.attention.value.weight");

        Assert.Equal([16, 8], shape);
        Assert.Equal(given.Select(value => (float)value), values[(12 * 8)..]);
    }

    /// <summary>A head of 6 of which 4 are rotated: pairs (0, 1) and (2, 3) in the graph are (0, 2) and (1, 3) in the file.</summary>
    [Fact]
    public void RowsOfTheOtherPairingArePermuted()
    {
        ModelSpec spec = SmallSpecs.Llama(width: 12, heads: 2, keyValueHeads: 2, layers: 1)
            .WithAttention(attention => attention with { Rotary = new RotarySpec(10000, RotaryPairing.Interleaved, 4) }) with
        {
            Weights = CanonicalLayout.Value.WithPairing(RotaryPairing.Half),
        };
        var (_, values, given) = Stored(spec, "layers.0.attention.key.weight", "layers.0.attention.key.weight");

        int[] stored = [0, 2, 1, 3, 4, 5, 6, 8, 7, 9, 10, 11];
        Assert.Equal(stored.Select(row => (float)given[row * 12]), Enumerable.Range(0, 12).Select(row => values[row * 12]));
    }

    [Fact]
    public void ExpertsAreStackedOrHaveATensorEach()
    {
        ModelSpec spec = SmallSpecs.Llama(width: 4, heads: 1, keyValueHeads: 1, layers: 1).WithFeedForward(part => part with { Width = 3, UpBias = true, Experts = new ExpertsSpec(2, 1) });
        var (shape, values, given) = Stored(spec, "layers.0.feed_forward.experts.up.weight", "layers.0.feed_forward.experts.up.weight");
        Assert.Equal([2, 3, 4], shape);
        Assert.Equal(given.Select(value => (float)value), values);
        Assert.Equal([2, 3], Stored(spec, "layers.0.feed_forward.experts.up.bias", "layers.0.feed_forward.experts.up.bias").Shape);

        (shape, values, given) = Stored(
            spec with { Weights = CanonicalLayout.Value.WithTensorPerExpert() }, "layers.0.feed_forward.experts.1.up.weight", "layers.0.feed_forward.experts.up.weight");
        Assert.Equal([3, 4], shape);
        Assert.Equal(given.Skip(12).Select(value => (float)value), values);
    }

    /// <summary>Expert 1's second gate row is its third row, so the third column where inputs come first.</summary>
    [Fact]
    public void GateAndUpOfAnExpertTakeTurns()
    {
        ModelSpec spec = SmallSpecs.Llama(width: 4, heads: 1, keyValueHeads: 1, layers: 1).WithFeedForward(part => part with { Width = 3, Experts = new ExpertsSpec(2, 1) }) with
        {
            Weights = CanonicalLayout.Value.WithTransposedLayers().WithFusedExperts(biases: false).WithRowsInTurn(),
        };
        var (shape, values, given) = Stored(spec, "layers.0.feed_forward.experts.gate_up.weight", "layers.0.feed_forward.experts.gate.weight");

        Assert.Equal([2, 4, 6], shape);
        Assert.Equal((float)given[12 + 1 * 4 + 3], values[24 + 3 * 6 + 2]);
    }

    private static (int[] Shape, float[] Values, double[] Given) Stored(ModelSpec spec, string tensor, string parameter)
    {
        ModelGraph graph = GraphBuilder.Build(spec);
        IReadOnlyDictionary<string, double[]> parameters = RandomParameters.Draw(graph, seed: 1);
        var (_, shape, values) = LayoutCheckpoint.Tensors(graph, parameters).Single(stored => stored.Name == tensor);
        return (shape, values, parameters[parameter]);
    }
}
