using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.TestSupport.Interpreter;
using Formwork.TestSupport.Libtorch;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Linear = Formwork.Compiler.Ops.Linear;

namespace Formwork.Libtorch.Tests;

/// <summary>What tests against libtorch share: float64, no gradients, tensors freed at the end, and how close is close.</summary>
public abstract class TorchTest : IDisposable
{
    // Sums of a few hundred float64 numbers in another order differ by some units in the 15th digit.
    private const double Tolerance = 1e-10;

    // What rounding leaves of derivatives that are 0, such as those by what moves all scores of a softmax alike.
    private const double Rounding = 1e-14;
    private const int Classes = 5;

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

    /// <summary>
    /// Runs a sketch with random parameters through the interpreter, and requires libtorch's result to agree, and then what autograd makes of the
    /// same formula.
    /// </summary>
    protected static void Check(GraphSketch sketch, Node output, Func<Dictionary<string, Tensor>, Tensor> compute, int firstPosition = 0)
    {
        ModelGraph graph = sketch.Graph(output);
        IReadOnlyDictionary<string, double[]> parameters = Drawn(graph);
        NodeValues values = GraphInterpreter.Run(graph, parameters, sketch.Tokens, firstPosition);

        Agree(values[output], compute(Tensors(graph, parameters)));
        CheckGradients(sketch, output, compute, input => input with { FirstPosition = firstPosition });
    }

    /// <summary>
    /// Requires that the derivatives by all parameters of a sketch are those that autograd finds. They are those of the cross-entropy of a random
    /// linear map of the node, so that what flows back to the node is random too.
    /// </summary>
    protected static void CheckGradients(
        GraphSketch sketch, Node output, Func<Dictionary<string, Tensor>, Tensor> compute, Func<InterpreterInput, InterpreterInput>? change = null)
    {
        Node logits = sketch.Add("logits", new Linear(), output, sketch.Learned("head", Classes, output.Shape.Width));
        TrainingGraph graph = Differentiator.Differentiate(sketch.Graph(logits));
        IReadOnlyDictionary<string, double[]> parameters = Drawn(graph.Forward);
        var random = new Random(3);
        int rows = output.Shape.Dimensions[0] == Dimension.Sequences ? 1 : sketch.Tokens.Length;
        var input = new InterpreterInput(sketch.Tokens) { Targets = Enumerable.Range(0, rows).Select(_ => random.Next(Classes)).ToArray() };
        input = change?.Invoke(input) ?? input;
        NodeValues values = GraphInterpreter.Run(graph, parameters, input);

        Dictionary<string, Tensor> given = Tensors(graph.Forward, parameters);
        using (enable_grad())
        {
            foreach (Tensor parameter in given.Values)
                parameter.requires_grad_(true);
            Tensor loss = functional.cross_entropy(
                functional.linear(compute(given), given["head"]), tensor(input.Targets.Select(id => (long)id).ToArray()), label_smoothing: input.LabelSmoothing);
            loss.backward();
            Agree(values[graph.Loss], loss.detach());
        }

        double all = graph.Gradients.Values.SelectMany(node => values[node]).Max(Math.Abs);
        foreach ((Node parameter, Node gradient) in graph.Gradients)
            AgreeDerivatives(parameter.Name, values[gradient], given[parameter.Name], Rounding * all);
        Assert.DoesNotContain(graph.Forward.Parameters.Except(graph.Gradients.Keys), parameter => given[parameter.Name].grad is { } found && found.abs().max().item<double>() > 0);
    }

    private static void AgreeDerivatives(string name, double[] derivatives, Tensor parameter, double rounding)
    {
        double[] found = parameter.grad is { } gradient ? gradient.contiguous().data<double>().ToArray() : new double[derivatives.Length];
        Assert.Equal(derivatives.Length, found.Length);
        double largest = derivatives.Max(Math.Abs), difference = derivatives.Zip(found, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(difference <= Tolerance * largest + rounding, $"the derivative by {name} differs by {difference:G3}; its largest number is {largest:G3}");
    }

    private static IReadOnlyDictionary<string, double[]> Drawn(ModelGraph graph)
    {
        var random = new Random(1);
        return graph.Parameters.ToDictionary(node => node.Name, node => RandomParameters.Normal(random, (int)node.Shape.Elements));
    }

    public void Dispose()
    {
        _noGradients.Dispose();
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }
}
