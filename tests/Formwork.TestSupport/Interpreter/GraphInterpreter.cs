using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.TestSupport.Interpreter;

/// <summary>
/// What every operation means: its formula in float64, number by number, with no thought of speed. Values are row-major
/// <c>[tokens, width]</c>; ids and positions are kept as doubles too, which hold them exactly. What the compiler emits is right when it
/// agrees with this.
/// </summary>
public sealed class GraphInterpreter : IOperationVisitor<double[]>
{
    private readonly IReadOnlyDictionary<string, double[]> _parameters;
    private readonly IReadOnlyList<int> _tokens;
    private readonly int _firstPosition;
    private readonly Dictionary<Node, double[]> _values = [];

    private GraphInterpreter(IReadOnlyDictionary<string, double[]> parameters, IReadOnlyList<int> tokens, int firstPosition)
    {
        _parameters = parameters;
        _tokens = tokens;
        _firstPosition = firstPosition;
    }

    /// <summary>Computes every node of a graph for one sequence.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="parameters">The learned numbers by parameter name, row-major.</param>
    /// <param name="tokens">One id a token.</param>
    /// <param name="firstPosition">The position of the first token.</param>
    /// <exception cref="ArgumentException">A parameter is missing or has another size, or an id lies outside its table.</exception>
    public static NodeValues Run(ModelGraph graph, IReadOnlyDictionary<string, double[]> parameters, IReadOnlyList<int> tokens, int firstPosition = 0)
    {
        var interpreter = new GraphInterpreter(parameters, tokens, firstPosition);
        foreach (Node node in graph.Nodes)
            interpreter._values.Add(node, node.Operation.Accept(interpreter, node));
        return new NodeValues(graph, interpreter._values);
    }

    public double[] Visit(TokenIds operation, Node node) => _tokens.Select(id => (double)id).ToArray();

    public double[] Visit(PositionIds operation, Node node) => Enumerable.Range(_firstPosition, _tokens.Count).Select(position => (double)position).ToArray();

    public double[] Visit(Parameter operation, Node node)
    {
        if (!_parameters.TryGetValue(node.Name, out double[]? values))
            throw new ArgumentException($"no parameter {node.Name}");
        if (values.Length != operation.Shape.Elements)
            throw new ArgumentException($"{node.Name} has {values.Length} numbers; its shape is {operation.Shape}");
        return values;
    }

    /// <summary>y[t, :] = table[ids[t], :].</summary>
    public double[] Visit(Embedding operation, Node node)
    {
        double[] ids = Input(node, 0), table = Input(node, 1);
        int width = node.Shape.Width, count = table.Length / width;
        var y = new double[ids.Length * width];
        for (int t = 0; t < ids.Length; t++)
        {
            int id = (int)ids[t];
            if (id < 0 || id >= count)
                throw new ArgumentException($"{node.Name}: id {id} is outside a table of {count}");
            for (int i = 0; i < width; i++)
                y[t * width + i] = table[id * width + i];
        }
        return y;
    }

    /// <summary>With f(i) = base^(−2i / width): sin and cos of position·f(i), side by side or in two halves.</summary>
    public double[] Visit(SinusoidalPositions operation, Node node)
    {
        double[] positions = Input(node, 0);
        int width = operation.Width;
        bool interleaved = operation.Arrangement == SinusoidalArrangement.Interleaved;
        var y = new double[positions.Length * width];
        for (int t = 0; t < positions.Length; t++)
        {
            for (int i = 0; i < width / 2; i++)
            {
                double angle = positions[t] * Math.Pow(operation.Base, -2.0 * i / width);
                y[t * width + (interleaved ? 2 * i : i)] = Math.Sin(angle);
                y[t * width + (interleaved ? 2 * i + 1 : width / 2 + i)] = Math.Cos(angle);
            }
        }
        return y;
    }

    /// <summary>y[t, o] = Σᵢ x[t, i]·W[o, i] (+ b[o]).</summary>
    public double[] Visit(Linear operation, Node node)
    {
        double[] x = Input(node, 0), weight = Input(node, 1);
        double[]? bias = node.Inputs.Count == 3 ? Input(node, 2) : null;
        int inputs = node.Inputs[0].Shape.Width, outputs = node.Shape.Width, tokens = x.Length / inputs;
        var y = new double[tokens * outputs];
        for (int t = 0; t < tokens; t++)
        {
            for (int o = 0; o < outputs; o++)
            {
                double sum = bias?[o] ?? 0;
                for (int i = 0; i < inputs; i++)
                    sum += x[t * inputs + i] * weight[o * inputs + i];
                y[t * outputs + o] = sum;
            }
        }
        return y;
    }

    /// <summary>y = (x − mean) / √(mean of (x − mean)² + ε) · g (+ b), a row at a time.</summary>
    public double[] Visit(LayerNorm operation, Node node)
    {
        double[]? bias = node.Inputs.Count == 3 ? Input(node, 2) : null;
        double[] gain = Gain(node, operation.UnitOffset);
        return ByRow(node, x =>
        {
            double mean = x.Average();
            double variance = x.Average(value => (value - mean) * (value - mean));
            return x.Select((value, i) => (value - mean) / Math.Sqrt(variance + operation.Epsilon) * gain[i] + (bias?[i] ?? 0));
        });
    }

    /// <summary>y = x / √(mean of x² + ε) · g, a row at a time.</summary>
    public double[] Visit(RmsNorm operation, Node node)
    {
        double[] gain = Gain(node, operation.UnitOffset);
        return ByRow(node, x =>
        {
            double meanSquare = x.Average(value => value * value);
            return x.Select((value, i) => value / Math.Sqrt(meanSquare + operation.Epsilon) * gain[i]);
        });
    }

    /// <summary>(a, b) becomes (a·cos − b·sin, a·sin + b·cos) for every pair of every head; the angle of pair i is position·base^(−2i / rotated width).</summary>
    public double[] Visit(Rotary operation, Node node)
    {
        double[] y = (double[])Input(node, 0).Clone(), positions = Input(node, 1);
        int half = operation.Spec.Width / 2;
        for (int t = 0; t < positions.Length; t++)
        {
            for (int head = 0; head < operation.Heads; head++)
            {
                int start = (t * operation.Heads + head) * operation.HeadWidth;
                for (int i = 0; i < half; i++)
                {
                    bool halves = operation.Spec.Pairing == RotaryPairing.Half;
                    int first = start + (halves ? i : 2 * i), second = start + (halves ? i + half : 2 * i + 1);
                    double angle = positions[t] * Math.Pow(operation.Spec.Base, -2.0 * i / operation.Spec.Width);
                    (y[first], y[second]) =
                        (y[first] * Math.Cos(angle) - y[second] * Math.Sin(angle), y[first] * Math.Sin(angle) + y[second] * Math.Cos(angle));
                }
            }
        }
        return y;
    }

    /// <summary>For each head and token: Σⱼ softmaxⱼ(scale·q·kⱼ)·vⱼ over the tokens j that it may see.</summary>
    public double[] Visit(Attention operation, Node node)
    {
        double[] q = Input(node, 0), k = Input(node, 1), v = Input(node, 2);
        int queryWidth = operation.Heads * operation.HeadWidth, keyWidth = operation.KeyValueHeads * operation.HeadWidth;
        int tokens = q.Length / queryWidth;
        var y = new double[q.Length];
        for (int t = 0; t < tokens; t++)
        {
            for (int head = 0; head < operation.Heads; head++)
            {
                int query = t * queryWidth + head * operation.HeadWidth;
                int shared = head / (operation.Heads / operation.KeyValueHeads) * operation.HeadWidth;
                int visible = operation.Causal ? t + 1 : tokens;
                double[] shares = Softmax(Enumerable.Range(0, visible)
                    .Select(j => operation.ScoreScale * Dot(q, query, k, j * keyWidth + shared, operation.HeadWidth)).ToArray());
                for (int j = 0; j < visible; j++)
                {
                    for (int i = 0; i < operation.HeadWidth; i++)
                        y[query + i] += shares[j] * v[j * keyWidth + shared + i];
                }
            }
        }
        return y;
    }

    /// <summary>y = f(x).</summary>
    public double[] Visit(Activate operation, Node node) => Input(node, 0).Select(x => Activations.Of(operation.Function, x)).ToArray();

    /// <summary>y = a + b.</summary>
    public double[] Visit(Add operation, Node node) => Input(node, 0).Zip(Input(node, 1), (a, b) => a + b).ToArray();

    /// <summary>y = a·b.</summary>
    public double[] Visit(Multiply operation, Node node) => Input(node, 0).Zip(Input(node, 1), (a, b) => a * b).ToArray();

    /// <summary>y = factor·x.</summary>
    public double[] Visit(Scale operation, Node node) => Input(node, 0).Select(x => operation.Factor * x).ToArray();

    private double[] Input(Node node, int index) => _values[node.Inputs[index]];

    /// <summary>What a norm multiplies by: the stored gain, or one more.</summary>
    private double[] Gain(Node node, bool unitOffset) => Input(node, 1).Select(gain => unitOffset ? 1 + gain : gain).ToArray();

    private double[] ByRow(Node node, Func<double[], IEnumerable<double>> map) =>
        Input(node, 0).Chunk(node.Shape.Width).SelectMany(map).ToArray();

    private static double Dot(double[] a, int aStart, double[] b, int bStart, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
            sum += a[aStart + i] * b[bStart + i];
        return sum;
    }

    private static double[] Softmax(double[] scores)
    {
        double largest = scores.Max();
        double[] powers = scores.Select(score => Math.Exp(score - largest)).ToArray();
        double sum = powers.Sum();
        return powers.Select(power => power / sum).ToArray();
    }
}
