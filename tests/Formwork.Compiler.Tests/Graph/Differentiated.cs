using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.TestSupport.Interpreter;
using Xunit;

namespace Formwork.Compiler.Tests.Graph;

/// <summary>A graph written by hand, with a head and a loss on top, and its derivatives against differences.</summary>
internal static class Differentiated
{
    private const int Classes = 5;

    /// <summary>Requires that the derivatives by all parameters of a sketch are the slopes of the loss of a linear map of a node.</summary>
    public static void Check(GraphSketch sketch, Node output, Func<InterpreterInput, InterpreterInput>? change = null)
    {
        Node logits = sketch.Add("logits", new Linear(), output, sketch.Learned("head", Classes, output.Shape.Width));
        TrainingGraph graph = Differentiator.Differentiate(sketch.Graph(logits));
        Assert.Empty(GraphVerifier.Verify(graph));
        var random = new Random(3);
        var parameters = graph.Forward.Parameters.ToDictionary(node => node.Name, node => RandomParameters.Normal(random, (int)node.Shape.Elements));
        Dimension rows = logits.Shape.Dimensions[0];
        int targets = rows == Dimension.Sequences ? 1 : sketch.Tokens.Length;
        var input = new InterpreterInput(sketch.Tokens) { Targets = Enumerable.Range(0, targets).Select(_ => random.Next(Classes)).ToArray() };

        Assert.Empty(FiniteDifferences.Faults(graph, parameters, change?.Invoke(input) ?? input, entries: 6));
    }
}
