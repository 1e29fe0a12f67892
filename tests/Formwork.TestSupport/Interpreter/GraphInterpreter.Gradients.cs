using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Ops.Gradients;
using Formwork.Compiler.Spec;

namespace Formwork.TestSupport.Interpreter;

/// <content>What flows back through products, norms, and what computes number by number: each from the definition of the operation.</content>
public sealed partial class GraphInterpreter
{
    /// <summary>d(x)[t, i] = Σₒ d(y)[t, o]·W[o, i].</summary>
    public double[] Visit(LinearInputGradient operation, Node node)
    {
        double[] flow = Input(node, 0), weight = Input(node, 1);
        int outputs = node.Inputs[0].Shape.Width, inputs = node.Shape.Width;
        var gradient = new double[flow.Length / outputs * inputs];
        for (int t = 0; t < flow.Length / outputs; t++)
        {
            for (int o = 0; o < outputs; o++)
            {
                for (int i = 0; i < inputs; i++)
                    gradient[t * inputs + i] += flow[t * outputs + o] * weight[o * inputs + i];
            }
        }
        return gradient;
    }

    /// <summary>d(W)[o, i] = Σₜ d(y)[t, o]·x[t, i].</summary>
    public double[] Visit(LinearWeightGradient operation, Node node)
    {
        double[] flow = Input(node, 0), x = Input(node, 1);
        int outputs = node.Inputs[0].Shape.Width, inputs = node.Shape.Width;
        var gradient = new double[outputs * inputs];
        for (int t = 0; t < flow.Length / outputs; t++)
        {
            for (int o = 0; o < outputs; o++)
            {
                for (int i = 0; i < inputs; i++)
                    gradient[o * inputs + i] += flow[t * outputs + o] * x[t * inputs + i];
            }
        }
        return gradient;
    }

    /// <summary>d(b)[i] = Σ d(y)[t, i], over heads too.</summary>
    public double[] Visit(ColumnSums operation, Node node) => Total(Input(node, 0).Chunk(node.Shape.Width), node.Shape.Width);

    /// <summary>d(table)[id, :] = Σ d(y)[t, :] over the t with this id.</summary>
    public double[] Visit(EmbeddingGradient operation, Node node)
    {
        double[] ids = Input(node, 0), flow = Input(node, 1);
        int width = node.Shape.Width;
        var gradient = new double[operation.Count * width];
        for (int place = 0; place < flow.Length; place++)
            gradient[(int)ids[place / width] * width + place % width] += flow[place];
        return gradient;
    }

    /// <summary>d(x)[j] = Σᵢ d(y)[i]·g[i]·∂x̂[i]/∂x[j].</summary>
    public double[] Visit(NormInputGradient operation, Node node)
    {
        bool unitOffset = operation.Norm is LayerNorm { UnitOffset: true } or RmsNorm { UnitOffset: true };
        double[] gain = Gain(node, unitOffset);
        int width = gain.Length;
        return Input(node, 0).Chunk(width).Zip(Input(node, 2).Chunk(width), Row).SelectMany(row => row).ToArray();

        double[] Row(double[] x, double[] flow)
        {
            (double[] normed, double divisor) = Normed(operation.Norm, x);
            bool centered = operation.Norm is LayerNorm;
            var gradient = new double[width];
            for (int i = 0; i < width; i++)
            {
                // x̂ = (x − m) / σ: x itself, m as each number's nth, and σ, of which ∂σ/∂x[j] = x̂[j] / n.
                for (int j = 0; j < width; j++)
                    gradient[j] += flow[i] * gain[i] * ((i == j ? 1 : 0) - (centered ? 1.0 / width : 0) - normed[i] * normed[j] / width) / divisor;
            }
            return gradient;
        }
    }

    /// <summary>d(g)[i] = Σ d(y)[t, i]·x̂[t, i], over heads too.</summary>
    public double[] Visit(NormGainGradient operation, Node node)
    {
        int width = node.Shape.Width;
        IEnumerable<double[]> rows = Input(node, 0).Chunk(width).Zip(
            Input(node, 1).Chunk(width), (x, flow) => Normed(operation.Norm, x).Values.Zip(flow, (normed, d) => normed * d).ToArray());
        return Total(rows, width);
    }

    /// <summary>Every pair turned back by its angle; what it is multiplied by stays.</summary>
    public double[] Visit(RotaryGradient operation, Node node) => Rotated(operation.Rotary, (double[])Input(node, 0).Clone(), Input(node, 1), direction: -1);

    /// <summary>d(x) = f′(x)·d(y), f′ made of y where the operation says so.</summary>
    public double[] Visit(ActivateGradient operation, Node node) =>
        Input(node, 0).Zip(Input(node, 1), (value, flow) => flow * (!operation.OfResult
            ? Activations.DerivativeOf(operation.Function, value)
            : operation.Function switch
            {
                Activation.Relu => value > 0 ? 1 : 0,
                Activation.Tanh => 1 - value * value,
                Activation.Sigmoid => value * (1 - value),
                _ => throw new ArgumentException($"{node.Name}: {operation.Function} has no derivative of its result"),
            })).ToArray();

    /// <summary>d(x) = d(y) between the bounds, and 0 outside of them.</summary>
    public double[] Visit(ClampGradient operation, Node node) => Input(node, 0)
        .Zip(Input(node, 1), (x, flow) => Inside(operation.Clamp.Lowest, operation.Clamp.Highest, x) ? flow : 0).ToArray();

    private static bool Inside(double? lowest, double? highest, double x) => !(x <= lowest) && !(x >= highest);

    /// <summary>d(x) = (1 − tanh²)·d(y), the tanh being y / limit.</summary>
    public double[] Visit(CapGradient operation, Node node) =>
        Input(node, 0).Zip(Input(node, 1), (y, flow) => (1 - y / operation.Limit * (y / operation.Limit)) * flow).ToArray();

    /// <summary>Each head's numbers at their places in it, and zeros.</summary>
    public double[] Visit(SliceGradient operation, Node node)
    {
        Slice slice = operation.Slice;
        int headWidth = operation.Width / slice.Heads;
        double[] behind = new double[headWidth - slice.Start - slice.Width];
        return Input(node, 0).Chunk(slice.Width).SelectMany(head => new double[slice.Start].Concat(head).Concat(behind)).ToArray();
    }

    /// <summary>d(f)[t] = Σᵢ x[t, i]·d(y)[t, i].</summary>
    public double[] Visit(RowDots operation, Node node)
    {
        int width = node.Inputs[0].Shape.Width;
        return Input(node, 0).Zip(Input(node, 1), (x, flow) => x * flow).Chunk(width).Select(row => row.Sum()).ToArray();
    }

    /// <summary>Of each row the sum over heads of what lies from the start on.</summary>
    public double[] Visit(HeadSums operation, Node node)
    {
        int width = node.Inputs[0].Shape.Width;
        return Input(node, 0).Chunk(width).SelectMany(row => Total(
            row.Chunk(width / operation.Heads).Select(head => head.AsSpan(operation.Start, operation.Width).ToArray()), operation.Width)).ToArray();
    }

    /// <summary>The rows that were chosen, at their places, and zeros.</summary>
    public double[] Visit(ScatterRows operation, Node node)
    {
        int width = node.Shape.Width, count = RowCount(Dimension.Tokens);
        IEnumerable<int> rows = operation.FirstTokens ? [0] : _input.OutputRows ?? Enumerable.Range(0, count);
        var gradient = new double[count * width];
        foreach ((int row, double[] flow) in rows.Zip(Input(node, 0).Chunk(width)))
            flow.CopyTo(gradient, row * width);
        return gradient;
    }

    /// <summary>All inputs' sum.</summary>
    public double[] Visit(Sum operation, Node node) => Total(Enumerable.Range(0, node.Inputs.Count).Select(input => Input(node, input)), Input(node, 0).Length);

    /// <summary>d(z)[t, c] = (softmax(z)[c] − (1 − s)·[c is the target] − s / classes) / rows.</summary>
    public double[] Visit(CrossEntropyGradient operation, Node node)
    {
        double[] targets = Input(node, 1);
        int classes = node.Shape.Width;
        double share = _input.LabelSmoothing / classes;
        return Input(node, 0).Chunk(classes).Zip(targets, (z, target) => Softmax(z)
            .Select((likelihood, c) => (likelihood - share - (c == (int)target ? 1 - _input.LabelSmoothing : 0)) / targets.Length)).SelectMany(row => row).ToArray();
    }

    /// <summary>x̂, and what x was divided by.</summary>
    private static (double[] Values, double Divisor) Normed(ForwardOperation norm, double[] x)
    {
        double mean = norm is LayerNorm ? x.Average() : 0, epsilon = norm is LayerNorm layer ? layer.Epsilon : ((RmsNorm)norm).Epsilon;
        double divisor = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + epsilon);
        return (x.Select(value => (value - mean) / divisor).ToArray(), divisor);
    }

    private static double[] Total(IEnumerable<double[]> rows, int width)
    {
        var total = new double[width];
        foreach (double[] row in rows)
        {
            for (int i = 0; i < width; i++)
                total[i] += row[i];
        }
        return total;
    }
}
