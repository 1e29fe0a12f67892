using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Planning;

/// <content>Attention: projections, norms of queries and keys, the cache, and attention itself.</content>
public sealed partial class Planner
{
    private void MarkProjection(Node node)
    {
        for (; node.Operation is Rotary or LayerNorm or RmsNorm or Slice or JoinHeads; node = node.Inputs[0])
        {
            _fused.Add(node);
            // The narrow vectors of latent attention are planned like any product.
            if (node.Operation is JoinHeads)
                MarkProjection(node.Inputs[1]);
            if (node.Operation is Slice)
                return;
        }
        _fused.Add(node);
    }

    private void PlanAttention(Node node, Attention attention, PassDraft pass)
    {
        if (node.Inputs[1].Operation is JoinHeads)
            PlanLatentAttention(node, attention, pass);
        else if (attention.Causal || node.Inputs[1].Shape.Dimensions[0] == node.Shape.Dimensions[0])
            PlanSelfAttention(node, attention, pass);
        else
            PlanCrossAttention(node, attention, pass);
    }

    private void PlanSelfAttention(Node node, Attention attention, PassDraft pass)
    {
        Node[] products = node.Inputs.Take(3).Select(LinearUnder).ToArray();
        string path = Parent(products[0].Name);
        BufferPlanner.Value fused = PlanProjections($"{path}.query_key_value", "queryKeyValue", $"{path}.query, .key, .value", products, pass);
        int queryWidth = attention.Heads * attention.HeadWidth;
        PlanHeadNorm(node.Inputs[0], fused, 0, pass);
        PlanHeadNorm(node.Inputs[1], fused, queryWidth, pass);

        Rotary? rotary = node.Inputs[0].Operation as Rotary;
        PlannedCache cache = pass.Cache.Add(attention);
        var store = new StoreKernel(attention.Heads, attention.KeyValueHeads, attention.HeadWidth, RotatedPairs.Of(rotary?.Spec));
        string stored = rotary is null ? $"{path}.key, .value into the cache" : $"{path}.query.rotated, .key.rotated; key, value into the cache";
        pass.Step(stored, store, fused, fused, table: rotary is null ? null : _tables.Rotary(rotary), cache: cache);
        PlanAttend(node, attention, fused, queryWidth + 2 * attention.KeyValueHeads * attention.HeadWidth, cache, pass);
    }

    /// <summary>Keys and values of the source are computed once, when the source is read.</summary>
    private void PlanCrossAttention(Node node, Attention attention, PassDraft pass)
    {
        Node[] products = node.Inputs.Take(3).Select(LinearUnder).ToArray();
        string path = Parent(products[0].Name);
        PassDraft encode = _encode!;
        PlannedCache memory = _memory.Add(attention) with { OfSource = true };
        BufferPlanner.Value keyValue = PlanProjections($"{path}.key_value", "keyValue", $"{path}.key, .value", products.Skip(1).ToArray(), encode);
        PlanHeadNorm(node.Inputs[1], keyValue, 0, encode);
        var store = new StoreKernel(0, attention.KeyValueHeads, attention.HeadWidth, null) { IntoMemory = true };
        encode.Step($"{path}.key, .value into the memory", store, keyValue, keyValue, cache: memory);

        BufferPlanner.Value query = PlanProjections($"{path}.query", "query", $"{path}.query", [products[0]], pass);
        PlanHeadNorm(node.Inputs[0], query, 0, pass);
        PlanAttend(node, attention, query, attention.Heads * attention.HeadWidth, memory, pass);
        var shares = new AttentionSharesKernel(attention.Heads, attention.KeyValueHeads, attention.HeadWidth, attention.ScoreScale) { ScoreCap = attention.ScoreCap };
        _ = Text.Names.WithoutLayer(path, out int? layer);
        pass.Step($"{path}.shares, where they are wanted", shares with { Layer = layer ?? 0 }, query, query, cache: memory);
    }

    private void PlanLatentAttention(Node node, Attention attention, PassDraft pass)
    {
        Node query = LinearUnder(node.Inputs[0]);
        string path = Parent(query.Name);
        Node join = node.Inputs[1], up = join.Inputs[0].Inputs[0], common = join.Inputs[1];
        Node down = (common.Operation is Rotary ? common.Inputs[0] : common).Inputs[0];
        BufferPlanner.Value queries = PlanProjections($"{path}.query", "query", $"{path}.query", [query], pass);
        Rotary? rotary = node.Inputs[0].Operation as Rotary;
        PlannedCache cache = pass.Cache.Add(attention);
        int rotaryWidth = join.Inputs[1].Shape.Width;
        var store = new LatentStoreKernel(attention.Heads, attention.HeadWidth, attention.ValueWidth, rotaryWidth, down.Shape.Width - rotaryWidth, RotatedPairs.Of(rotary?.Spec));
        pass.Step(
            $"{path}.query.rotated, .key.rotated; key, value into the cache", store, pass[up], queries, table: rotary is null ? null : _tables.Rotary(rotary),
            cache: cache, others: [pass[down]]);
        PlanAttend(node, attention, queries, attention.Heads * attention.HeadWidth, cache, pass);
    }

    /// <summary>Products over one input as one.</summary>
    private BufferPlanner.Value PlanProjections(string path, string role, string comment, Node[] products, PassDraft pass)
    {
        int[] outputs = products.Select(product => product.Shape.Width).ToArray();
        int inputs = products[0].Inputs[0].Shape.Width;
        bool bias = products.Any(product => product.Inputs.Count == 3);
        BufferPlanner.Value fused = pass.New(role, outputs.Sum());
        var weights = new List<PlannedWeight> { _weights.Panels($"{path}.weight", products.Select(Weight).ToArray(), outputs, inputs) };
        if (bias)
            weights.Add(_weights.Panels($"{path}.bias", products.Select(Bias).ToArray(), outputs, 1));
        var product = new LinearKernel(inputs, outputs.Sum(), bias, Activation: null, Gated: false, AddsResidual: false);
        pass.Step(comment, product, pass[products[0].Inputs[0]], fused, weights);
        return fused;
    }

    /// <summary>The norm of queries or keys, in place among the projections.</summary>
    private void PlanHeadNorm(Node projection, BufferPlanner.Value buffer, int start, PassDraft pass)
    {
        Node norm = projection.Operation is Rotary ? projection.Inputs[0] : projection;
        if (norm.Operation is not (LayerNorm or RmsNorm))
            return;
        int stride = Kernel.Padded(buffer.Width);
        NormKernel kernel = NormKernelOf(norm, addsResidual: false) with { InputStride = stride, OutputStride = stride, Start = start, OutputStart = start };
        pass.Step(norm.Name, kernel, buffer, buffer, norm.Inputs.Skip(1).Select(_weights.Dense).ToArray());
    }

    private void PlanAttend(Node node, Attention attention, BufferPlanner.Value query, int queryRowWidth, PlannedCache cache, PassDraft pass)
    {
        bool cross = cache.OfSource;
        int context = (attention.Causal ? _spec.Decoder : _spec.Encoder)!.Context;
        PlannedWeight[] weights = attention.Sinks ? [_weights.Dense(node.Inputs[Attention.SinksInput])] : [];
        Node? table = attention.Distance is { Buckets: > 0 } ? node.Inputs[attention.TableInput] : null;
        PlannedTable? distances = attention.Distance is { } distance ? _tables.Distances(distance, attention.Heads, context, table is null ? null : _weights.Dense(table)) : null;
        var kernel = new AttentionKernel(attention.Heads, attention.KeyValueHeads, attention.HeadWidth, attention.ScoreScale)
        {
            QueryStride = Kernel.Padded(queryRowWidth),
            ValueWidth = attention.ValueWidth,
            Mask = cross ? AttentionMask.Memory : attention.Causal ? AttentionMask.Causal : AttentionMask.Bidirectional,
            Window = attention.Window,
            ScoreCap = attention.ScoreCap,
            Sinks = attention.Sinks,
            DistanceContext = distances is null ? 0 : context,
        };
        pass.Step(node.Name, kernel, query, pass.New(node, "attended"), weights, distances, cache);
    }
}
