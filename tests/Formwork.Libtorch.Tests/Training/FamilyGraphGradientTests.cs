using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;
using Formwork.Libtorch.Tests.Families;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Formwork.TestSupport.Interpreter;
using Xunit;

namespace Formwork.Libtorch.Tests.Training;

/// <summary>
/// The derivatives of the graph that a family's folder becomes are in float64 those that autograd finds through the family's reference, for every
/// parameter of every family that has something to learn from.
/// </summary>
public class FamilyGraphGradientTests : FamilyTest
{
    // Longer than every window, and than the context of before a scaling; ViT has room for 26 rows.
    private const int Length = 25;

    // What is expected passes through a file of float32 numbers.
    private const double Tolerance = 1e-6, Rounding = 1e-9;

    public static TheoryData<string> Names => new(AllFamilies.Made.Select(family => family.Name));

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void TheLossAndTheDerivativeByEveryParameterAgree(string name)
    {
        FamilyReference family = AllFamilies.Named(name);
        LearningBatch batch = LearningBatch.Draw(family, ImportedFamilies.Seed, Length);
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder.Path, family, ImportedFamilies.Seed);
        ModelSpec spec = TinyCheckpoint.Import(folder.Path, family, "Tiny").Spec with { Training = new TrainingSpec() };
        TrainingGraph graph = Differentiator.Differentiate(GraphBuilder.BuildForTraining(spec));
        using Checkpoint checkpoint = Checkpoint.Open(folder.Path);
        NodeValues values = GraphInterpreter.Run(graph, StoredParameters.Read(graph.Forward, checkpoint), Input(batch));

        (double loss, IReadOnlyDictionary<string, double[]> expected) = Expected(family, batch, graph.Forward);

        Agree([loss], values[graph.Loss], 1e-10, "the loss");
        double all = Norm(expected.Values.SelectMany(gradient => gradient));
        string[] faults = [.. graph.Forward.Parameters.Select(parameter => Fault(
            parameter.Name, expected[parameter.Name], graph.Gradients.TryGetValue(parameter, out Node? gradient) ? values[gradient] : [], Rounding * all)).OfType<string>()];
        Assert.True(faults.Length == 0, $"{faults.Length} of {expected.Count} derivatives differ:\n{string.Join("\n", faults)}");
    }

    /// <summary>The mean loss, and its gradient for each of the graph's parameters: the layout says where a parameter's numbers are stored, so it says it of gradients too.</summary>
    private static (double Loss, IReadOnlyDictionary<string, double[]> Gradients) Expected(FamilyReference family, LearningBatch batch, ModelGraph graph)
    {
        (double loss, IReadOnlyDictionary<string, double[]> gradients) = Autograd.Of(family, batch);
        int count = batch.Rows.Length;
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("model.safetensors"), family.Tensors.Where(entry => !entry.IsUnread)
            .Select(entry => (entry.Name, entry.Shape, gradients[entry.Name].Select(value => (float)(value / count)).ToArray())));
        using Checkpoint stored = Checkpoint.Open(folder.Path);
        return (loss / count, StoredParameters.Read(graph, stored));
    }

    private static InterpreterInput Input(LearningBatch batch)
    {
        (EncoderInputs target, EncoderInputs first) = (batch.Target, batch.Source ?? batch.Target);
        return new InterpreterInput(target.Width > 0 ? [] : target.Tokens[0])
        {
            TokenTypes = batch.Source is null ? target.Types[0] : null,
            Source = batch.Source is { Width: 0 } source ? source.Tokens[0] : [],
            Vectors = first.Width > 0 ? [.. first.Rows[0].Select(value => (double)value)] : null,
            VectorWidth = first.Width,
            OutputRows = batch.Rows,
            Targets = batch.Classes,
        };
    }

    /// <summary>What is wrong with a derivative; null for nothing. Nothing flows back to what is empty.</summary>
    private static string? Fault(string name, double[] expected, double[] found, double rounding)
    {
        if (found.Length == 0)
            found = new double[expected.Length];
        double difference = Norm(expected.Zip(found, (a, b) => a - b)), norm = Norm(expected);
        // Written so that a NaN is a fault.
        return expected.Length == found.Length && difference <= Tolerance * norm + rounding ? null : $"{name}: off by {difference:G3} of {norm:G3}";
    }

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
}
