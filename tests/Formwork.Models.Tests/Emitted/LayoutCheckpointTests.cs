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

    private static (int[] Shape, float[] Values, double[] Given) Stored(ModelSpec spec, string tensor, string parameter)
    {
        ModelGraph graph = GraphBuilder.Build(spec);
        IReadOnlyDictionary<string, double[]> parameters = RandomParameters.Draw(graph, seed: 1);
        var (_, shape, values) = LayoutCheckpoint.Tensors(graph, parameters).Single(stored => stored.Name == tensor);
        return (shape, values, parameters[parameter]);
    }
}
