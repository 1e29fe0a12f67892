using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.Libtorch.Tests.Families.Blocks;
using Formwork.Libtorch.Tests.Families.Decoders;
using Formwork.TestSupport.Interpreter;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using Embedding = Formwork.Compiler.Ops.Embedding;
using Rotary = Formwork.Compiler.Ops.Rotary;

namespace Formwork.Libtorch.Tests.Training;

/// <summary>What flows back through attention of every kind, to queries, keys, values, sinks and tables, is what autograd finds.</summary>
public class AttentionGradientTests : TorchTest
{
    private const int Tokens = 9, Heads = 4, HeadWidth = 3;
    private const double Scale = 0.5;

    private readonly GraphSketch _sketch = new(Tokens);

    [LibtorchTheory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(4, true)]
    [InlineData(2, false)]
    public void OfHeadsAndGroups(int keyValueHeads, bool causal) => Check(new Attention(Heads, keyValueHeads, HeadWidth, Scale, causal));

    [LibtorchFact]
    public void OfValuesOfAnotherWidth() => Check(new Attention(Heads, 2, HeadWidth, Scale, true) { ValueWidth = 5 });

    [LibtorchTheory]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    [InlineData(false, 4)]
    public void OfAWindow(bool causal, int window) => Check(new Attention(Heads, 2, HeadWidth, Scale, causal) { Window = window });

    [LibtorchFact]
    public void OfACap() => Check(new Attention(Heads, 2, HeadWidth, Scale, true) { ScoreCap = 0.7 });

    [LibtorchTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void OfSinks(bool causal) => Check(new Attention(Heads, 2, HeadWidth, Scale, causal) { Sinks = true });

    [LibtorchTheory]
    [InlineData(true, 0)]
    [InlineData(true, 6)]
    [InlineData(false, 6)]
    public void OfDistances(bool causal, int buckets) =>
        Check(new Attention(Heads, 2, HeadWidth, Scale, causal) { Distance = new DistanceBias(buckets, buckets == 0 ? 0 : 5, !causal) });

    [LibtorchFact]
    public void OfEverythingAtOnce() =>
        Check(new Attention(Heads, 2, HeadWidth, Scale, true) { ValueWidth = 2, Window = 4, ScoreCap = 0.7, Sinks = true, Distance = new DistanceBias(4, 6, false) });

    [LibtorchFact]
    public void OfASource()
    {
        int[] source = [0, 3, 3, 7, 2];
        Node ids = _sketch.Add("source", new TokenIds { Rows = Dimension.SourceTokens });
        Node Rows(string name) => _sketch.Add($"{name}.rows", new Embedding(), ids, _sketch.Learned(name, 8, 2 * HeadWidth));
        Node output = _sketch.Add("y", new Attention(Heads, 2, HeadWidth, Scale, false), _sketch.Rows("q", Heads * HeadWidth), Rows("k"), Rows("v"));
        CheckGradients(
            _sketch, output, given => Joined(new ScaledAttention { Scale = Scale }.Attend(
                Split(given["q"], Heads), Split(given["k"][tensor(source, int64)], 2), Split(given["v"][tensor(source, int64)], 2), ones(1, dtype: ScalarType.Bool))),
            input => input with { Source = source });
    }

    [LibtorchTheory]
    [InlineData(RotaryPairing.Half)]
    [InlineData(RotaryPairing.Interleaved)]
    public void OfNormedAndRotatedQueriesAndKeys(RotaryPairing pairing)
    {
        var spec = new RotarySpec(500, pairing, 4);
        Node Prepared(string name, int heads) => _sketch.Add(
            $"{name}.rotated", new Rotary(heads, 6, spec),
            _sketch.Add($"{name}.normed", new RmsNorm(0.01, false) { Heads = heads }, _sketch.Rows(name, heads * 6), _sketch.Learned($"{name}.gain", 6)), _sketch.Positions);
        Node output = _sketch.Add("y", new Attention(Heads, 2, 6, Scale, true), Prepared("q", Heads), Prepared("k", 2), _sketch.Rows("v", 12));
        Check(_sketch, output, given => Joined(new ScaledAttention { Scale = Scale }.Attend(
            Split(Turned(given, "q", Heads), Heads), Split(Turned(given, "k", 2), 2), Split(given["v"], 2), Visible(true, null))));

        Tensor Turned(Dictionary<string, Tensor> given, string name, int heads) =>
            TorchFormulas.Rotate(TorchFormulas.RmsNorm(given[name].view(Tokens, heads, 6), given[$"{name}.gain"], 0.01).view(Tokens, -1), heads, spec);
    }

    private void Check(Attention attention)
    {
        var inputs = new List<Node>
        {
            _sketch.Rows("q", attention.Heads * attention.HeadWidth),
            _sketch.Rows("k", attention.KeyValueHeads * attention.HeadWidth),
            _sketch.Rows("v", attention.KeyValueHeads * attention.ValueWidth),
        };
        if (attention.Sinks)
            inputs.Add(_sketch.Learned("sinks", attention.Heads));
        if (attention.Distance is { Buckets: > 0 } relative)
            inputs.Add(_sketch.Learned("table", relative.Buckets, attention.Heads));
        Check(_sketch, _sketch.Add("y", attention, [.. inputs]), given =>
        {
            var formula = new ScaledAttention
            {
                Scale = attention.ScoreScale,
                Cap = attention.ScoreCap,
                Sinks = attention.Sinks ? given["sinks"] : null,
                Bias = attention.Distance is { } distance ? Bias(distance, given) : null,
            };
            return Joined(formula.Attend(
                Split(given["q"], attention.Heads), Split(given["k"], attention.KeyValueHeads), Split(given["v"], attention.KeyValueHeads),
                Visible(attention.Causal, attention.Window)));
        });
    }

    private static Tensor Bias(DistanceBias distance, Dictionary<string, Tensor> given) => distance.Buckets > 0
        ? RelativeBuckets.Bias(given["table"], Tokens, distance.Bidirectional, distance.MaxDistance)
        : Back.abs() * -tensor(BloomReference.Slopes(Heads), float64).view(1, -1, 1, 1);

    /// <summary>True where a query sees a key, <c>[queries, keys]</c>.</summary>
    private static Tensor Visible(bool causal, int? window)
    {
        Tensor seen = causal ? Back.ge(0) : ones_like(Back).ne(0);
        if (window is not { } width)
            return seen;
        return seen.logical_and(causal ? Back.lt(width) : Back.abs().le(width / 2));
    }

    /// <summary>How far each key stands before each query, <c>[queries, keys]</c>.</summary>
    private static Tensor Back => arange(Tokens, int64).unsqueeze(1) - arange(Tokens, int64).unsqueeze(0);

    private static Tensor Split(Tensor rows, int heads) => ByHead.Split(rows.unsqueeze(0), heads);

    private static Tensor Joined(Tensor rows) => rows.squeeze(0);
}
