using Formwork.Compiler.CSharp;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Ops.Gradients;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Planning.Training;

/// <content>What is computed number by number.</content>
public sealed partial class TrainingPlanner
{
    private void PlanPointwise(Node node)
    {
        Place? same = _desired.ContainsKey(node) ? null : new Formula(this, [node], node).Read.Select(read => Reusable(read, node.Shape.Width)).FirstOrDefault(place => place is not null);
        AddPointwise(node, [node], _places[node] = same ?? Output(node, PointwiseRole(node)));
        Consume(node);
    }

    private static string PointwiseRole(Node node) => node.Operation is Add ? "residual" : node.Name.EndsWith("gradient", StringComparison.Ordinal) ? "gradient" : Role(node);

    /// <summary>The place of a value that nobody reads after this, to be written over; null where it is not such.</summary>
    private Place? Reusable(Node read, int width)
    {
        if (_uses.Remaining(read) > 1 || !_places.TryGetValue(read, out Place? place) || !place.IsWhole(width) || read.Operation is Rotary or RotaryGradient)
            return null;
        return _places.Any(other => other.Key != read && other.Value.Buffer == place.Buffer && _uses.Remaining(other.Key) > 0) ? null : place;
    }

    /// <summary>The sum of some values, one usually, as a walk.</summary>
    private void AddPointwise(Node node, IReadOnlyList<Node> roots, Place output)
    {
        var formula = new Formula(this, roots, roots.Count == 1 && roots[0] == node ? node : null);
        Place[] places = formula.Read.Select(PlaceOf).ToArray();
        var kernel = new ElementwiseKernel(
            formula.Title, formula.Text, node.Shape.Width, places.Select(place => place.Operand).ToEquatableArray(), output.Operand, output.IsWhole(node.Shape.Width),
            formula.Dropouts.Select(dropout => dropout.Rate).ToEquatableArray());
        var arguments = places.Append(output).Select(place => (TrainingDraft.Argument)place).ToList();
        arguments.AddRange(formula.Dropouts.Select(dropout => (TrainingDraft.Argument)$"pass.DropoutKey({dropout.Site})"));
        if (formula.Dropouts.Count > 0)
            arguments.Add("pass.Dropping");
        _draft.Step(node.Name, _draft.Named(kernel), [.. arguments, Rows(node)]);
    }

    /// <summary>Nodes that vanish into a walk, as its formula.</summary>
    private sealed class Formula
    {
        private readonly TrainingPlanner _planner;
        private readonly List<Node> _read = [];
        private readonly List<Dropout> _dropouts = [];
        private readonly List<string> _words = [];

        public Formula(TrainingPlanner planner, IReadOnlyList<Node> roots, Node? computed)
        {
            _planner = planner;
            if (computed is null)
                _words.Add(roots.Count > 1 ? "Sum" : "Copy");
            Text = string.Join(" + ", roots.Select(root => Express(root, isRoot: root == computed)));
            Title = string.Concat(_words);
        }

        /// <summary>The operands, in order.</summary>
        public IReadOnlyList<Node> Read => _read;

        public IReadOnlyList<Dropout> Dropouts => _dropouts;

        public string Text { get; }

        public string Title { get; }

        private string Express(Node node, bool isRoot = false)
        {
            if (!isRoot && !_planner._uses.IsInlined(node))
                return Operand(node);
            _words.Add(Word(node.Operation));
            string[] x = node.Operation is Dropout dropped ? [] : node.Inputs.Select(input => Express(input)).ToArray();
            return node.Operation switch
            {
                Add => $"({x[0]} + {x[1]})",
                Multiply => $"{x[0]} * {x[1]}",
                Scale scale => $"{x[0]} * {CSharpLiteral.Float(scale.Factor)}",
                Shift shift => $"({x[0]} + {{V}}.Create({CSharpLiteral.Float(shift.Amount)}))",
                Clamp clamp => Clamped(x[0], clamp),
                Cap cap => $"VectorMath.Tanh({x[0]} * {CSharpLiteral.Float(1 / cap.Limit)}) * {CSharpLiteral.Float(cap.Limit)}",
                Activate activate => $"VectorMath.{activate.Function}({x[0]})",
                ActivateGradient gradient => $"VectorMath.{gradient.Function}Derivative({x[0]}) * {x[1]}",
                ClampGradient gradient => $"{{V}}.ConditionalSelect({Inside(x[0], gradient.Clamp)}, {x[1]}, {{T}}.Zero)",
                CapGradient gradient => $"VectorMath.TanhDerivative({x[0]} * {CSharpLiteral.Float(1 / gradient.Limit)}) * {x[1]}",
                Dropout dropout => Drop(node, dropout),
                _ => throw new InvalidOperationException($"{node.Name}: {node.Operation.Word} has no formula"),
            };
        }

        private string Operand(Node node)
        {
            int index = _read.IndexOf(node);
            if (index < 0)
            {
                index = _read.Count;
                _read.Add(node);
            }
            return $"x{index}";
        }

        private string Drop(Node node, Dropout dropout)
        {
            int index = _dropouts.Count;
            _dropouts.Add(dropout);
            return $"Drop{index}({Express(node.Inputs[0])})";
        }

        private static string Clamped(string x, Clamp clamp)
        {
            if (clamp.Lowest is { } lowest)
                x = $"{{V}}.Max({x}, {{V}}.Create({CSharpLiteral.Float(lowest)}))";
            return clamp.Highest is { } highest ? $"{{V}}.Min({x}, {{V}}.Create({CSharpLiteral.Float(highest)}))" : x;
        }

        private static string Inside(string x, Clamp clamp)
        {
            var bounds = new List<string>();
            if (clamp.Lowest is { } lowest)
                bounds.Add($"{{V}}.GreaterThan({x}, {{V}}.Create({CSharpLiteral.Float(lowest)}))");
            if (clamp.Highest is { } highest)
                bounds.Add($"{{V}}.LessThan({x}, {{V}}.Create({CSharpLiteral.Float(highest)}))");
            return string.Join(" & ", bounds);
        }

        private static string Word(Operation operation) => operation switch
        {
            Activate activate => $"{activate.Function}",
            ActivateGradient gradient => $"{gradient.Function}Gradient",
            _ => operation.GetType().Name,
        };
    }
}
