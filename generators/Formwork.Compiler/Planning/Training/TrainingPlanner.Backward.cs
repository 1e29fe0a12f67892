using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Ops.Gradients;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Planning.Training;

/// <content>The backward pass.</content>
public sealed partial class TrainingPlanner
{
    private const string Shared = "pass.Shared";

    private Dictionary<string, Node>? _byName;

    private Node? Find(string name)
    {
        _byName ??= _graph.Nodes.ToDictionary(node => node.Name);
        return _byName.TryGetValue(name, out Node? node) ? node : null;
    }

    /// <summary>The forward node that a derivative is of: <c>x.weight_gradient</c> is x's.</summary>
    private Node ForwardOf(Node gradient) => Find(gradient.Name.Substring(0, gradient.Name.LastIndexOf('.')))!;

    /// <summary>Before the backward pass begins: the derivatives by the members of a product are to lie as its results do.</summary>
    private void FindDesired()
    {
        foreach (ProductGroup group in _groups.All.Where(group => group.Members.Count > 1))
        {
            Node?[] gradients = group.Members.Select(member => Find($"{member.Name}.weight_gradient")?.Inputs[0]).ToArray();
            if (gradients.Any(gradient => gradient is null))
                continue; // computed again: the first has them
            BufferPlanner.Value buffer = _draft.New("projectedGradient", group.Width, group.Members[0].Shape.Dimensions[0]);
            group.GradientBuffer = buffer;
            for (int index = 0; index < gradients.Length; index++)
            {
                Place place = group.PlaceOf(group.Members[index], buffer);
                Node gradient = gradients[index]!;
                while (!_desired.ContainsKey(gradient))
                {
                    _desired.Add(gradient, place);
                    if (gradient.Operation is not RotaryGradient || _uses.Users(gradient.Inputs[0]).Count > 1)
                        break;
                    gradient = gradient.Inputs[0];
                }
            }
        }
    }

    /// <summary>What flows back to the results of a product, lying as they do.</summary>
    private Place GradientOf(ProductGroup group)
    {
        if (group.Gradient is { } known)
            return known;
        Node[] gradients = group.Members.Select(member => Find($"{member.Name}.weight_gradient")!.Inputs[0]).ToArray();
        if (group.GradientBuffer is not { } buffer)
            return group.Gradient = Whole(gradients[0]);
        for (int index = 0; index < gradients.Length; index++)
        {
            Place place = group.PlaceOf(group.Members[index], buffer);
            if (PlaceOf(gradients[index]) != place)
                Copy(gradients[index], place);
        }
        return group.Gradient = new Place(buffer);
    }

    /// <summary>Derivatives by the weights and biases of a product, when all of its results' are there.</summary>
    private void PlanWeightGradient(Node node)
    {
        Node linear = ForwardOf(node);
        ProductGroup group = _groups.OfWeight(linear.Inputs[1]);
        if (++group.Reached < group.Members.Count)
            return;
        Place gradient = GradientOf(group), input = Whole(node.Inputs[1]);
        var kernel = new WeightGradientKernel(node.Inputs[1].Shape.Width, group.Width, group.Bias is not null);
        var arguments = new List<TrainingDraft.Argument> { input, gradient, Gradient(group.Weight) };
        if (group.Bias is { } bias)
            arguments.Add(Gradient(bias));
        string path = string.Join(", ", group.Members.Select(member => $"{member.Name}.weight_gradient"));
        _draft.Step(path, kernel, [.. arguments, Rows(node.Inputs[0]), Scratch]);
        foreach (Node member in group.Members)
        {
            Consume(Find($"{member.Name}.weight_gradient")!);
            if (Find($"{member.Name}.bias_gradient") is { } sums)
                Consume(sums);
        }
    }

    /// <summary>What flows back to a product's input.</summary>
    private void AddInputGradient(Node node, Place output, bool adds)
    {
        Node linear = ForwardOf(node);
        ProductGroup group = _groups.OfWeight(linear.Inputs[1]);
        Place gradient = GradientOf(group);
        Place result = output.IsWhole(node.Shape.Width) ? output : new Place(_draft.New("gradient", node.Shape.Width, node.Shape.Dimensions[0]));
        var kernel = new InputGradientKernel(node.Shape.Width, group.Width, adds);
        string path = string.Join(", ", group.Members.Select(member => $"{member.Name}.input_gradient"));
        _draft.Step(path, kernel, gradient, Weight(group.Weight), result, Rows(node), Scratch);
        _places[node] = result;
        foreach (Node member in group.Members)
            Consume(Find($"{member.Name}.input_gradient")!);
    }

    /// <summary>The derivative by a norm's gain comes with what flows back to its input; where that is given, by itself.</summary>
    private void PlanNormGainGradient(Node node)
    {
        Node x = node.Inputs[0];
        if (Find($"{ForwardOf(node).Name}.input_gradient") is null)
            AddNormGradient(node, new Place(_draft.New("unread", x.Shape.Width, x.Shape.Dimensions[0])), adds: false);
    }

    /// <summary>What flows back to a norm's input, and the derivatives by its gain and bias.</summary>
    private void AddNormGradient(Node node, Place output, bool adds)
    {
        Node norm = ForwardOf(node), x = node.Inputs[0], gradient = node.Inputs[node.Inputs.Count - 1];
        Place read = PlaceOf(x), from = PlaceOf(gradient);
        NormKernel forward = Planner.NormKernelOf(norm, addsResidual: false);
        var kernel = new NormGradientKernel(forward.Kind, forward.Width, forward.Epsilon, forward.UnitOffset, forward.Bias, adds)
        {
            Heads = forward.Heads,
            InputStride = read.Stride,
            OutputGradientStride = from.Stride,
            InputGradientStride = output.Stride,
        };
        var arguments = new List<TrainingDraft.Argument> { read, Weight(WeightOf(norm.Inputs[1])), from, output };
        arguments.AddRange(norm.Inputs.Skip(1).Select(parameter => (TrainingDraft.Argument)Gradient(WeightOf(parameter))));
        _draft.Step(node.Name, kernel, [.. arguments, Shared, Rows(x)]);
        _places[node] = output;
        foreach (Node? part in new[] { node, Find($"{norm.Name}.gain_gradient"), Find($"{norm.Name}.bias_gradient") }.Distinct())
        {
            if (part is not null)
                Consume(part);
        }
    }

    /// <summary>What flows back to a value from several readers: values are summed in one walk, kernels that can add to it do.</summary>
    private void PlanSum(Node node)
    {
        Node[] adding = node.Inputs.Where(_uses.IsDeferred).ToArray(), values = node.Inputs.Except(adding).ToArray();
        bool begun = values.Length > 0;
        if (begun)
        {
            Place? same = values.SelectMany(value => _uses.IsInlined(value) ? _uses.Read(value) : [value]).Select(value => Reusable(value, node.Shape.Width)).FirstOrDefault(place => place is not null);
            _places[node] = same ?? (adding.Length == 0 ? Output(node, "gradient") : New(node, "gradient"));
            if (values.Length > 1 || same is null || _uses.IsInlined(values[0]))
                AddPointwise(node, values, _places[node]);
        }
        else
            New(node, "gradient");
        var products = new HashSet<ProductGroup>();
        foreach (Node part in adding)
        {
            if (part.Operation is NormInputGradient)
                AddNormGradient(part, _places[node], begun);
            else if (products.Add(_groups.OfWeight(part.Inputs[1])))
                AddInputGradient(part, _places[node], begun);
            begun = true;
        }
        Consume(node);
    }

    private void PlanEmbeddingGradient(Node node, EmbeddingGradient gradient)
    {
        Node ids = node.Inputs[0], flow = node.Inputs[1];
        double factor = 1;
        if (_uses.IsInlined(flow) && flow.Operation is Scale scale)
            (flow, factor) = (flow.Inputs[0], scale.Factor);
        PlannedWeight table = WeightOf(ForwardOf(node).Inputs[1]);
        var kernel = new EmbeddingGradientKernel(flow.Shape.Width, table.Slots[0].Panels, factor) { IdOffset = ids.Operation is PositionIds { Offset: var offset } ? offset : 0 };
        string list = ids.Operation switch { TokenIds => "Tokens", TokenTypeIds => "TokenTypes", _ => "Positions" };
        _draft.Step(node.Name, kernel, $"{RowsOf(flow)}.{list}", Whole(flow), Gradient(table), Rows(flow));
        Consume(node);
    }

    /// <summary>What flows back through attention to all of its inputs, at the first that is reached.</summary>
    private void PlanAttentionGradient(Node node, AttentionGradient gradient)
    {
        Node y = node.Inputs[node.Inputs.Count - 2], flow = node.Inputs[node.Inputs.Count - 1];
        Node[] siblings = _uses.Users(flow).Where(user => user.Operation is AttentionGradient && user.Inputs[user.Inputs.Count - 2] == y).ToArray();
        Attention attention = gradient.Attention;
        Place[] read = Enumerable.Range(0, 3).Select(input => PlaceOf(node.Inputs[input])).ToArray();
        Place[] written = Enumerable.Range(0, 3).Select(input => siblings.FirstOrDefault(sibling => ((AttentionGradient)sibling.Operation).Input == input) is { } sibling
            ? Output(sibling, "gradient")
            : new Place(_draft.New("unread", node.Inputs[input].Shape.Width, node.Inputs[input].Shape.Dimensions[0]))).ToArray();
        bool buckets = attention.Distance is { Buckets: > 0 };
        var kernel = new AttentionGradientKernel(ShapeOf(y, attention, read[0], read[1], read[2]))
        {
            QueryGradientStride = written[0].Stride,
            KeyGradientStride = written[1].Stride,
            ValueGradientStride = written[2].Stride,
            DistanceBuckets = attention.Distance?.Buckets ?? 0,
            DistanceMax = attention.Distance?.MaxDistance ?? 0,
        };
        var arguments = new List<TrainingDraft.Argument> { read[0], read[1], read[2] };
        arguments.AddRange(AttentionTables(node, attention));
        arguments.AddRange([Whole(y), new Place(_logSums[y]), Whole(flow), written[0], written[1], written[2]]);
        if (attention.Sinks)
            arguments.Add(Gradient(WeightOf(node.Inputs[Attention.SinksInput])));
        if (buckets)
            arguments.Add(Gradient(WeightOf(node.Inputs[attention.TableInput])));
        arguments.AddRange([RowsOf(node.Inputs[0]), RowsOf(node.Inputs[1])]);
        arguments.AddRange(DropoutArguments(attention));
        _draft.Step(ForwardOf(node).Name + ".gradient", kernel, [.. arguments, Shared, Scratch]);
        foreach (Node sibling in siblings)
        {
            _planned.Add(sibling);
            Consume(sibling);
        }
    }
}
