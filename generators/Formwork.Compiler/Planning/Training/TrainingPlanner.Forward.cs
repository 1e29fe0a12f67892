using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Planning.Training;

/// <content>The forward pass.</content>
public sealed partial class TrainingPlanner
{
    /// <summary>The products over one input whose weights lie in one block, as one.</summary>
    private void PlanProduct(Node linear)
    {
        ProductGroup group = _groups.OfLinear(linear);
        Node input = linear.Inputs[0], end = linear;
        Activation? activation = null;
        // Where the derivative is made of the result, what the activation is applied to need not be kept.
        if (group.Members.Count == 1 && _uses.Users(linear) is [{ Operation: Activate activate } user] && !_uses.IsInlined(user) && new Ops.Gradients.ActivateGradient(activate.Function).OfResult)
            (activation, end) = (activate.Function, user);
        var kernel = new LinearKernel(input.Shape.Width, group.Width, group.Bias is not null, activation, Gated: false, AddsResidual: false);
        BufferPlanner.Value buffer = _draft.New(Role(linear), group.Width, linear.Shape.Dimensions[0]);
        Place result = new(buffer), read = Whole(input);
        string path = string.Join(", ", group.Members.Select(member => member.Name));
        if (group.Bias is { } bias)
            _draft.Step(path, kernel, read, Weight(group.Weight), Weight(bias), result, Rows(linear));
        else
            _draft.Step(path, kernel, read, Weight(group.Weight), result, Rows(linear));
        foreach (Node member in group.Members)
        {
            _places[member] = group.Members.Count == 1 ? result : group.PlaceOf(member, buffer);
            _planned.Add(member);
            Consume(member);
        }
        if (end == linear)
            return;
        _places[end] = result;
        _planned.Add(end);
        Consume(end);
    }

    private static string Role(Node node)
    {
        string[] parts = node.Name.Split('.');
        return parts[parts.Length - 1] switch
        {
            "query" or "key" or "value" => "projected",
            var last => Text.Names.CamelCase(last),
        };
    }

    private void PlanNorm(Node node)
    {
        Place read = PlaceOf(node.Inputs[0]), result = Output(node, "normed");
        NormKernel kernel = Planner.NormKernelOf(node, addsResidual: false) with { InputStride = read.Stride, OutputStride = result.Stride };
        var arguments = new List<TrainingDraft.Argument> { read };
        arguments.AddRange(node.Inputs.Skip(1).Select(parameter => (TrainingDraft.Argument)Weight(WeightOf(parameter))));
        _draft.Step(node.Name, kernel, [.. arguments, result, Rows(node)]);
        Consume(node);
    }

    /// <summary>Rotates where the value lies, or a copy of it where something else reads that.</summary>
    private void PlanRotary(Node node)
    {
        Node x = node.Inputs[0];
        bool inverse = node.Operation is Ops.Gradients.RotaryGradient;
        Rotary rotary = node.Operation as Rotary ?? ((Ops.Gradients.RotaryGradient)node.Operation).Rotary;
        Place place = _uses.Users(x).Count == 1 ? PlaceOf(x) : Copy(x, Output(node, "rotated"));
        var kernel = new RotaryRowsKernel(rotary.Heads, rotary.HeadWidth, RotatedPairs.Of(rotary.Spec)!, place.Stride, inverse) { Start = rotary.Start };
        _draft.Step(node.Name, kernel, place, $"Tables + {_plan.TablePlaces.Rotary(rotary).Offset}", $"{RowsOf(node)}.Positions", Rows(node));
        _places[node] = place;
        Consume(node);
    }

    /// <summary>The rows that a node's are, in the emitted code.</summary>
    private static string RowsOf(Node node) => node.Shape.Dimensions[0] == Dimension.SourceTokens ? "pass.Source" : "pass.Target";

    private void PlanEmbedding(Node node)
    {
        var parts = new EmbeddingParts(node);
        string rows = RowsOf(node);
        var arguments = new List<TrainingDraft.Argument> { parts.Table is null ? $"{rows}.Vectors" : $"{rows}.Tokens" };
        if (parts.TypeTable is not null)
            arguments.Add($"{rows}.TokenTypes");
        if (parts.PositionTable is not null || parts.Sinusoids is not null)
            arguments.Add($"{rows}.Positions");
        foreach (Node? table in new[] { parts.Table, parts.TypeTable, parts.PositionTable })
        {
            if (table is not null)
                arguments.Add(Weight(WeightOf(table)));
        }
        int context = (node.Shape.Dimensions[0] == Dimension.SourceTokens ? _graph.Forward.Spec.Encoder : _graph.Forward.Spec.Decoder ?? _graph.Forward.Spec.Encoder)!.Context;
        if (parts.Sinusoids is { } sinusoids)
            arguments.Add($"Tables + {_plan.TablePlaces.Sinusoidal(sinusoids, context, parts.Offset).Offset}");
        bool panels = parts.Table is { } own && WeightOf(own).Slots[0].Panels;
        var kernel = new EmbeddingKernel(node.Shape.Width, panels, parts.Scale, parts.PositionTable is not null, parts.Sinusoids is not null)
        {
            Vectors = parts.Table is null,
            TokenTypes = parts.TypeTable is not null,
            PositionOffset = parts.PositionTable is null ? 0 : parts.Offset,
        };
        _draft.Step(node.Name, kernel, [.. arguments, New(node, "residual"), Rows(node)]);
    }

    private void PlanAttention(Node node, Attention attention)
    {
        Place query = PlaceOf(node.Inputs[0]), key = PlaceOf(node.Inputs[1]), value = PlaceOf(node.Inputs[2]);
        AttentionShape shape = ShapeOf(node, attention, query, key, value);
        BufferPlanner.Value logSums = _logSums[node] = _draft.New("logSums", attention.Heads, node.Shape.Dimensions[0]);
        var arguments = new List<TrainingDraft.Argument> { query, key, value };
        arguments.AddRange(AttentionTables(node, attention));
        arguments.AddRange([New(node, "attended"), new Place(logSums), RowsOf(node.Inputs[0]), RowsOf(node.Inputs[1])]);
        arguments.AddRange(DropoutArguments(attention));
        arguments.Add(Scratch);
        _draft.Step(node.Name, new AttentionTrainingKernel(shape), [.. arguments]);
        Consume(node);
    }

    private const string Scratch = "pass.Scratch(worker)";

    private static IEnumerable<TrainingDraft.Argument> DropoutArguments(Attention attention) =>
        attention.DropoutRate > 0 ? [$"pass.DropoutKey({attention.DropoutSite})", "pass.Dropping"] : [];

    /// <summary>Sinks, and what distances add.</summary>
    private IEnumerable<TrainingDraft.Argument> AttentionTables(Node node, Attention attention)
    {
        if (attention.Sinks)
            yield return Weight(WeightOf(node.Inputs[Attention.SinksInput]));
        if (attention.Distance is { } distance)
        {
            PlannedWeight? learned = distance.Buckets > 0 ? WeightOf(node.Inputs[attention.TableInput]) : null;
            yield return $"Tables + {_plan.TablePlaces.Distances(distance, attention.Heads, StackOf(attention).Context, learned).Offset}";
        }
    }

    private StackSpec StackOf(Attention attention) => (attention.Causal ? _graph.Forward.Spec.Decoder : _graph.Forward.Spec.Encoder)!;

    private AttentionShape ShapeOf(Node node, Attention attention, Place query, Place key, Place value)
    {
        bool cross = node.Inputs[1].Shape.Dimensions[0] != node.Shape.Dimensions[0];
        return new AttentionShape(
            attention.Heads, attention.KeyValueHeads, attention.HeadWidth, attention.ScoreScale,
            (cross || !attention.Causal ? _graph.Forward.Spec.Encoder : _graph.Forward.Spec.Decoder)!.Context)
        {
            ValueWidth = attention.ValueWidth,
            Mask = cross ? AttentionMask.Memory : attention.Causal ? AttentionMask.Causal : AttentionMask.Bidirectional,
            Window = attention.Window,
            ScoreCap = attention.ScoreCap,
            Sinks = attention.Sinks,
            DistanceContext = attention.Distance is null ? 0 : StackOf(attention).Context,
            DropoutRate = attention.DropoutRate,
            QueryStride = query.Stride,
            KeyStride = key.Stride,
            ValueStride = value.Stride,
        };
    }

    /// <summary>What takes or puts numbers of each head.</summary>
    private void PlanHeads(Node node)
    {
        Node x = node.Inputs[0];
        Place read = PlaceOf(x), result = Output(node, Role(node));
        HeadCopyKernel Kernel(int heads, int width, int inputHead, int inputStart, int outputHead, int outputStart, Place from, bool clears) =>
            new(heads, width, inputHead, inputStart, outputHead, outputStart, from.Stride, result.Stride, clears);
        switch (node.Operation)
        {
            case Slice slice:
                Add(read, Kernel(slice.Heads, slice.Width, x.Shape.Width / slice.Heads, slice.Start, slice.Width, 0, read, clears: result.IsWhole(node.Shape.Width)));
                break;
            case Ops.Gradients.SliceGradient { Slice: var slice }:
                Add(read, Kernel(slice.Heads, slice.Width, slice.Width, 0, node.Shape.Width / slice.Heads, slice.Start, read, clears: true));
                break;
            case Ops.Gradients.HeadSums sums:
                Add(read, Kernel(sums.Heads, sums.Width, x.Shape.Width / sums.Heads, sums.Start, 0, 0, read, clears: true));
                break;
            case JoinHeads join:
                int own = x.Shape.Width / join.Heads, common = node.Inputs[1].Shape.Width;
                Place ends = PlaceOf(node.Inputs[1]);
                Add(read, Kernel(join.Heads, own, own, 0, own + common, 0, read, clears: true));
                Add(ends, Kernel(join.Heads, common, 0, 0, own + common, own, ends, clears: false));
                break;
        }
        Consume(node);

        void Add(Place from, HeadCopyKernel kernel) => _draft.Step(node.Name, kernel, from, result, Rows(node));
    }

    /// <summary>The loss, and, where the logits were, what flows back to them.</summary>
    private void PlanLoss(Node node)
    {
        Node logits = node.Inputs[0];
        Node gradient = _uses.Users(logits).Single(user => user.Operation is Ops.Gradients.CrossEntropyGradient);
        bool readAgain = _uses.Users(logits).Any(user => user != node && user != gradient);
        Place place = readAgain ? Copy(logits, new Place(_draft.New("gradient", logits.Shape.Width, logits.Shape.Dimensions[0]))) : Whole(logits);
        string[] results = new[] { "Targets", "Losses", "LogLikelihoods", "Predictions" }.Select(name => $"pass.{name} + pass.FirstOutput").ToArray();
        _draft.Step(
            node.Name, new CrossEntropyKernel(logits.Shape.Width), place, results[0], results[1], results[2], results[3],
            "pass.LossFactor", "pass.LabelSmoothing", "pass.Backward", Rows(logits));
        _places[gradient] = place;
        Consume(node);
        Consume(gradient);
    }
}
