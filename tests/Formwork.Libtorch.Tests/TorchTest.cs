using Formwork.Compiler.Graph;
using Formwork.TestSupport.Interpreter;
using Formwork.TestSupport.Libtorch;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests;

/// <summary>What tests against libtorch share: float64, no gradients, tensors freed at the end, and how close is close.</summary>
public abstract class TorchTest : IDisposable
{
    // Sums of a few hundred float64 numbers in another order differ by some units in the 15th digit.
    private const double Tolerance = 1e-10;

    private readonly DisposeScope _scope;
    private readonly IDisposable _noGradients;

    protected TorchTest()
    {
        LibtorchLoader.Prepare();
        // Its threads wait by turning in a circle, which takes whole minutes where the processor has other work; and these tensors are small.
        set_num_threads(1);
        _scope = NewDisposeScope();
        _noGradients = no_grad();
    }

    /// <summary>A float64 tensor of these numbers.</summary>
    protected static Tensor Of(double[] values, params long[] shape) => tensor(values, shape, float64);

    /// <summary>A graph's parameters as tensors of their shapes, by name.</summary>
    protected static Dictionary<string, Tensor> Tensors(ModelGraph graph, IReadOnlyDictionary<string, double[]> parameters) =>
        graph.Parameters.ToDictionary(
            node => node.Name,
            node => Of(parameters[node.Name], node.Shape.Dimensions.Select(dimension => (long)dimension.Size).ToArray()));

    /// <summary>Requires that numbers agree to ten digits of the largest.</summary>
    protected static void Agree(double[] interpreted, Tensor computed)
    {
        double[] found = computed.to(float64).contiguous().data<double>().ToArray();
        Assert.Equal(interpreted.Length, found.Length);
        double largest = interpreted.Max(Math.Abs), difference = interpreted.Zip(found, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(difference <= Tolerance * largest, $"differs by {difference:G3}; the largest number is {largest:G3}");
    }

    /// <summary>Runs a sketch with random parameters through the interpreter, and requires libtorch's result to agree.</summary>
    protected static void Check(GraphSketch sketch, Node output, Func<Dictionary<string, Tensor>, Tensor> compute, int firstPosition = 0)
    {
        ModelGraph graph = sketch.Graph(output);
        var random = new Random(1);
        var parameters = graph.Parameters.ToDictionary(node => node.Name, node => RandomParameters.Normal(random, (int)node.Shape.Elements));
        NodeValues values = GraphInterpreter.Run(graph, parameters, sketch.Tokens, firstPosition);

        Agree(values[output], compute(Tensors(graph, parameters)));
    }

    public void Dispose()
    {
        _noGradients.Dispose();
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }
}
