using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.TestSupport.Interpreter;
using Xunit;

namespace Formwork.Compiler.Tests.Graph;

/// <summary>What flows back through attention of every kind is the slope of the loss.</summary>
public class AttentionDerivativeTests
{
    private readonly GraphSketch _sketch = new(7);

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(4, 4, true)]
    [InlineData(4, 2, true)]
    [InlineData(6, 1, false)]
    public void OfHeads(int heads, int keyValueHeads, bool causal) => Check(new Attention(heads, keyValueHeads, 3, 0.5, causal));

    [Fact]
    public void OfValuesOfAnotherWidth() => Check(new Attention(4, 2, 3, 0.5, true) { ValueWidth = 5 });

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    [InlineData(false, 4)]
    public void OfAWindow(bool causal, int window) => Check(new Attention(2, 2, 3, 0.5, causal) { Window = window });

    [Fact]
    public void OfACap() => Check(new Attention(2, 1, 3, 0.5, true) { ScoreCap = 0.7 });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OfSinks(bool relative) => Check(new Attention(4, 2, 3, 0.5, true) { Sinks = true, Distance = relative ? new DistanceBias(4, 6, false) : null });

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 6)]
    [InlineData(false, 6)]
    public void OfDistances(bool causal, int buckets) =>
        Check(new Attention(4, 2, 3, 0.5, causal) { Distance = new DistanceBias(buckets, buckets == 0 ? 0 : 5, !causal) });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OfDropout(bool causal) => Differentiated.Check(
        _sketch, Add(new Attention(4, 2, 3, 0.5, causal) { DropoutRate = 0.3, DropoutSite = 2, Sinks = true }), input => input with { DropoutSeed = 5, FirstRow = 9 });

    [Fact]
    public void OfEverythingAtOnce() => Differentiated.Check(
        _sketch,
        Add(new Attention(4, 2, 3, 0.5, true) { ValueWidth = 2, Window = 4, ScoreCap = 0.7, Sinks = true, Distance = new DistanceBias(4, 6, false), DropoutRate = 0.3, DropoutSite = 2 }),
        input => input with { DropoutSeed = 5 });

    [Fact]
    public void OfASource()
    {
        Node ids = _sketch.Add("source", new TokenIds { Rows = Dimension.SourceTokens });
        Node Source(string name) => _sketch.Add($"{name}.rows", new Embedding(), ids, _sketch.Learned(name, 8, 6));
        Node output = _sketch.Add("y", new Attention(4, 2, 3, 0.5, false) { DropoutRate = 0.3, DropoutSite = 1 }, _sketch.Rows("q", 12), Source("k"), Source("v"));
        Differentiated.Check(_sketch, output, input => input with { Source = [0, 3, 3, 7, 2], DropoutSeed = 8 });
    }

    private void Check(Attention attention) => Differentiated.Check(_sketch, Add(attention));

    private Node Add(Attention attention)
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
        return _sketch.Add("y", attention, [.. inputs]);
    }
}
