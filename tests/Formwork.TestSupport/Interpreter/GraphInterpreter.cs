using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Ops.Gradients;
using Formwork.Compiler.Spec;

namespace Formwork.TestSupport.Interpreter;

/// <summary>
/// What every operation means: its formula in float64, number by number, with no thought of speed. Values are row-major
/// <c>[tokens, width]</c>; ids and positions are kept as doubles too, which hold them exactly. What the compiler emits is right when it
/// agrees with this.
/// </summary>
public sealed partial class GraphInterpreter : IOperationVisitor<double[]>, IGradientVisitor<double[]>
{
    private readonly ModelSpec _spec;
    private readonly IReadOnlyDictionary<string, double[]> _parameters;
    private readonly InterpreterInput _input;
    private readonly Dictionary<Node, double[]> _values = [];

    private GraphInterpreter(ModelSpec spec, IReadOnlyDictionary<string, double[]> parameters, InterpreterInput input)
    {
        _spec = spec;
        _parameters = parameters;
        _input = input;
    }

    /// <summary>Computes every node of a graph for one sequence.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="parameters">The learned numbers by parameter name, row-major.</param>
    /// <param name="tokens">One id a token.</param>
    /// <param name="firstPosition">The position of the first token.</param>
    /// <exception cref="ArgumentException">A parameter is missing or has another size, or an id lies outside its table.</exception>
    public static NodeValues Run(ModelGraph graph, IReadOnlyDictionary<string, double[]> parameters, IReadOnlyList<int> tokens, int firstPosition = 0) =>
        Run(graph, parameters, new InterpreterInput(tokens) { FirstPosition = firstPosition });

    /// <summary>Computes every node of a graph for one sequence, and its source where the model reads one.</summary>
    /// <exception cref="ArgumentException">A parameter is missing or has another size, or an id lies outside its table.</exception>
    public static NodeValues Run(ModelGraph graph, IReadOnlyDictionary<string, double[]> parameters, InterpreterInput input) =>
        Run(graph, graph.Nodes, parameters, input);

    /// <summary>The same with the loss and the derivatives.</summary>
    /// <exception cref="ArgumentException">A parameter is missing or has another size, or an id lies outside its table.</exception>
    public static NodeValues Run(TrainingGraph graph, IReadOnlyDictionary<string, double[]> parameters, InterpreterInput input) =>
        Run(graph.Forward, graph.Nodes, parameters, input);

    /// <summary>The loss alone.</summary>
    /// <exception cref="ArgumentException">A parameter is missing or has another size, or an id lies outside its table.</exception>
    public static double Loss(TrainingGraph graph, IReadOnlyDictionary<string, double[]> parameters, InterpreterInput input) =>
        Run(graph.Forward, graph.Nodes.Take(graph.Loss.Id + 1), parameters, input)[graph.Loss][0];

    private static NodeValues Run(ModelGraph graph, IEnumerable<Node> nodes, IReadOnlyDictionary<string, double[]> parameters, InterpreterInput input)
    {
        var interpreter = new GraphInterpreter(graph.Spec, parameters, input);
        foreach (Node node in nodes)
            interpreter._values.Add(node, interpreter.Compute(node));
        return new NodeValues(graph, interpreter._values);
    }

    private double[] Compute(Node node) => node.Operation is GradientOperation gradient
        ? gradient.Accept(this, node)
        : ((ForwardOperation)node.Operation).Accept(this, node);

    public double[] Visit(TokenIds operation, Node node) => Ids(operation.Rows).Select(id => (double)id).ToArray();

    public double[] Visit(TokenTypeIds operation, Node node) => _input.TokenTypes is { } types
        ? types.Select(type => (double)type).ToArray()
        : new double[_input.Tokens.Count];

    public double[] Visit(InputVectors operation, Node node) => _input.Vectors ?? throw new ArgumentException($"{node.Name}: no vectors are given");

    public double[] Visit(PositionIds operation, Node node)
    {
        int first = operation.Offset + (operation.Rows == Dimension.SourceTokens ? 0 : _input.FirstPosition);
        return Enumerable.Range(first, RowCount(operation.Rows)).Select(position => (double)position).ToArray();
    }

    private int RowCount(Dimension rows) =>
        _input.Vectors is { } vectors && (rows == Dimension.SourceTokens || _input.Source.Count + _input.Tokens.Count == 0)
            ? vectors.Length / _input.VectorWidth
            : Ids(rows).Count;

    private IReadOnlyList<int> Ids(Dimension rows) => rows == Dimension.SourceTokens ? _input.Source : _input.Tokens;

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

    /// <summary>With f(i) = base^(−2i / width), or base^(−i / (width / 2 − 1)): sin and cos of position·f(i), side by side or in two halves.</summary>
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
                double angle = positions[t] * Math.Pow(operation.Base, operation.Spacing == SinusoidalSpacing.Open ? -2.0 * i / width : -i / (width / 2 - 1.0));
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
        return ByHead(node, operation.Heads, x =>
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
        return ByHead(node, operation.Heads, x =>
        {
            double meanSquare = x.Average(value => value * value);
            return x.Select((value, i) => value / Math.Sqrt(meanSquare + operation.Epsilon) * gain[i]);
        });
    }

    /// <summary>(a, b) becomes (a·cos − b·sin, a·sin + b·cos) for every pair of every head; the angle of pair i is the position times its frequency.</summary>
    public double[] Visit(Rotary operation, Node node) => Rotated(operation, (double[])Input(node, 0).Clone(), Input(node, 1), direction: 1);

    private static double[] Rotated(Rotary operation, double[] y, double[] positions, int direction)
    {
        int half = operation.Spec.Width / 2;
        RotaryFrequencies frequencies = RotaryFrequencies.Of(operation.Spec, operation.Context);
        for (int t = 0; t < positions.Length; t++)
        {
            for (int head = 0; head < operation.Heads; head++)
            {
                int start = (t * operation.Heads + head) * operation.HeadWidth + operation.Start;
                for (int i = 0; i < half; i++)
                {
                    bool halves = operation.Spec.Pairing == RotaryPairing.Half;
                    int first = start + (halves ? i : 2 * i), second = start + (halves ? i + half : 2 * i + 1);
                    double angle = direction * positions[t] * frequencies.Values[i];
                    double cosine = Math.Cos(angle) * frequencies.Magnitude, sine = Math.Sin(angle) * frequencies.Magnitude;
                    (y[first], y[second]) =
                        (y[first] * cosine - y[second] * sine, y[first] * sine + y[second] * cosine);
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

    /// <summary>y = min(max(x, lowest), highest).</summary>
    public double[] Visit(Clamp operation, Node node) => Input(node, 0)
        .Select(x => Math.Min(Math.Max(x, operation.Lowest ?? double.NegativeInfinity), operation.Highest ?? double.PositiveInfinity)).ToArray();

    /// <summary>y = x + amount.</summary>
    public double[] Visit(Shift operation, Node node) => Input(node, 0).Select(x => x + operation.Amount).ToArray();

    /// <summary>y = limit·tanh(x / limit).</summary>
    public double[] Visit(Cap operation, Node node) => Input(node, 0).Select(x => operation.Limit * Math.Tanh(x / operation.Limit)).ToArray();

    /// <summary>y[t, :] = factor[t]·x[t, :].</summary>
    public double[] Visit(ScaleRows operation, Node node) =>
        Input(node, 0).Chunk(node.Shape.Width).Zip(Input(node, 1), (row, factor) => row.Select(x => factor * x)).SelectMany(row => row).ToArray();

    /// <summary>The first row.</summary>
    public double[] Visit(FirstToken operation, Node node) => Input(node, 0).Take(node.Shape.Width).ToArray();

    private double[] Input(Node node, int index) => _values[node.Inputs[index]];

    /// <summary>What a norm multiplies by: the stored gain, or one more.</summary>
    private double[] Gain(Node node, bool unitOffset) => Input(node, 1).Select(gain => unitOffset ? 1 + gain : gain).ToArray();

    private double[] ByHead(Node node, int heads, Func<double[], IEnumerable<double>> map) =>
        Input(node, 0).Chunk(node.Shape.Width / heads).SelectMany(map).ToArray();
}
