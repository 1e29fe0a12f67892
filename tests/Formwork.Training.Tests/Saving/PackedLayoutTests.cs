using Formwork.Compiler.Graph;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Memory;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Formwork.TestSupport.Checkpoints;
using Formwork.TestSupport.Interpreter;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Training.Tests.Saving;

/// <summary>A model's weights come out of the packed block as they went in, whatever its layout.</summary>
public class PackedLayoutTests
{
    private static readonly ModelSpec[] Specs =
    [
        .. RandomSpecs.Draw(60, seed: 20), SmallSpecs.Bert(), SmallSpecs.Translator(), SmallSpecs.Gpt2(),
        SmallSpecs.Gpt2("ByHead") with { Weights = CanonicalLayout.Value.WithFused("h.{layer}.qkv", true, "query", "key", "value").WithRowsByHead().WithTransposedLayers() },
        SmallSpecs.Llama("Paired") with { Weights = CanonicalLayout.Value.WithPairing(RotaryPairing.Interleaved).WithFused("h.{layer}.gate_up", false, "gate", "up").WithRowsInTurn() },
    ];

    [Fact]
    public void UnpackedCheckpointIsTheLoadedOne()
    {
        foreach (ModelSpec spec in Specs)
        {
            using var folder = new TemporaryFolder();
            ModelGraph graph = GraphBuilder.Build(spec);
            WeightTable table = PlannedTable.Of(Planner.Plan(graph));
            LayoutCheckpoint.Write(folder.Path, graph, RandomParameters.Draw(graph, seed: 7));
            using var stored = Checkpoint.Open(folder.Path);
            using NativeBuffer packed = WeightLoader.Load(stored, table, 1);
            using var unpacked = new PackedCheckpoint(table, packed);
            Assert.Equal(stored.Tensors.Keys.Order(), unpacked.Tensors.Keys.Order());
            foreach (TensorInfo tensor in stored.Tensors.Values)
            {
                // Of a matrix of one column the table knows no more than that it is as long.
                Assert.Equal(tensor.Shape.Where(size => size > 1), unpacked.Tensors[tensor.Name].Shape.Where(size => size > 1));
                Assert.True(stored.Read(tensor.Name).AsSpan().SequenceEqual(unpacked.Read(tensor.Name)), $"{spec.Name}: {tensor.Name}");
            }
        }
    }

    [Fact]
    public void ParametersAndHolesAreTheWholeBlock()
    {
        foreach (ModelSpec spec in Specs)
        {
            ModelGraph graph = GraphBuilder.Build(spec);
            WeightTable table = PlannedTable.Of(Planner.Plan(graph));
            Assert.Equal(table.Length - graph.Parameters.Sum(parameter => parameter.Shape.Elements), WeightHoles.Find(table).Sum(hole => hole.Count));
        }
    }

    [Fact]
    public void GainsOfOffsetNormsStartAtZero()
    {
        ModelSpec spec = SmallSpecs.Llama().WithNorm(norm => norm with { UnitOffset = true });
        WeightTable offset = PlannedTable.Of(Planner.Plan(GraphBuilder.Build(spec))), plain = PlannedTable.Of(Planner.Plan(GraphBuilder.Build(SmallSpecs.Llama())));
        Assert.Equal([0f], Gains(offset));
        Assert.Equal([1f], Gains(plain));
    }

    private static float[] Gains(WeightTable table)
    {
        using NativeBuffer packed = InitialWeights.Draw(table, 1, Initialization.Gpt2);
        using var unpacked = new PackedCheckpoint(table, packed);
        return [.. table.Slots.Where(slot => slot.Parameter.EndsWith("norm.weight", StringComparison.Ordinal)).SelectMany(slot => unpacked.Read(slot.Tensor)).Distinct()];
    }
}
