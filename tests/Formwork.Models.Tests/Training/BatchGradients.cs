using Formwork.Compiler.Graph;
using Formwork.Models.Tests.Emitted;
using Formwork.Runtime.Memory;
using Formwork.Runtime.Models;
using Formwork.Runtime.Training;
using Formwork.Runtime.Weights;
using Formwork.TestSupport.Checkpoints;
using Formwork.TestSupport.Interpreter;

namespace Formwork.Models.Tests.Training;

/// <summary>The mean loss of a batch, and its derivatives by the parameters, row-major, by name.</summary>
/// <param name="Loss">The loss, in nats.</param>
/// <param name="Of">The derivatives.</param>
/// <param name="Packed">As they lie in a pass's memory; empty where they come from the interpreter.</param>
public sealed record BatchGradients(double Loss, IReadOnlyDictionary<string, double[]> Of, float[] Packed)
{
    /// <summary>What the differentiated graph means: of each sequence on its own, weighed by its share of the targets.</summary>
    public static BatchGradients Interpreted(EmittedModel emitted, TrainingGraph graph, RaggedBatch batch)
    {
        double loss = 0;
        Dictionary<string, double[]> sums = graph.Gradients.Keys.ToDictionary(parameter => parameter.Name, parameter => new double[parameter.Shape.Elements]);
        foreach (InterpreterInput sequence in batch.Sequences)
        {
            double share = sequence.Targets.Count / (double)batch.TargetCount;
            NodeValues values = GraphInterpreter.Run(graph, emitted.Parameters, sequence);
            loss += share * values[graph.Loss][0];
            foreach ((Node parameter, Node gradient) in graph.Gradients)
            {
                double[] sum = sums[parameter.Name], own = values[gradient];
                for (int i = 0; i < sum.Length; i++)
                    sum[i] += share * own[i];
            }
        }
        return new BatchGradients(loss, sums, []);
    }

    /// <summary>What the compiled pass leaves, run once or several times.</summary>
    public static unsafe BatchGradients Compiled(EmittedModel emitted, RaggedBatch batch, int threads, int runs = 1)
    {
        using TransformerModel model = emitted.Load<TransformerModel>(threads);
        using TrainingPass pass = model.NewTrainingPass(batch.RowCount, batch.SourceRowCount);
        batch.Set(pass);
        pass.Backward = true;
        for (int run = 0; run < runs; run++)
            model.Run(pass);
        var packed = new float[pass.GradientFloats];
        new ReadOnlySpan<float>(pass.Gradients, packed.Length).CopyTo(packed);
        using var copy = new NativeBuffer(packed.Length);
        packed.CopyTo(copy.AsSpan(0, packed.Length));
        using var checkpoint = new PackedCheckpoint(model.Description.Weights, copy);
        double loss = 0;
        for (int output = 0; output < pass.Outputs; output++)
            loss += pass.Losses[output] / pass.Outputs;
        return new BatchGradients(loss, LayoutCheckpoint.Read(emitted.Graph, checkpoint), packed);
    }
}
