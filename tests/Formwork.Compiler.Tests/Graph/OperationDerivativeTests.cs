using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;
using Formwork.TestSupport.Interpreter;
using Xunit;

namespace Formwork.Compiler.Tests.Graph;

/// <summary>Each operation's rule gives the slope of the loss, as far as float64 can see it.</summary>
public class OperationDerivativeTests
{
    private readonly GraphSketch _sketch = new(6);

    private Node X => field ??= _sketch.Rows("x", 12);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OfAProduct(bool bias) => Check(bias
        ? _sketch.Add("y", new Linear(), X, _sketch.Learned("weight", 7, 12), _sketch.Learned("bias", 7))
        : _sketch.Add("y", new Linear(), X, _sketch.Learned("weight", 7, 12)));

    [Fact]
    public void OfAProductTwiceWithOneWeight()
    {
        Node weight = _sketch.Learned("weight", 12, 12);
        Check(_sketch.Add("y", new Linear(), _sketch.Add("once", new Linear(), X, weight), weight));
    }

    [Fact]
    public void OfAnEmbeddingWithIdsThatComeAgain() =>
        Differentiated.Check(_sketch, X, input => input with { Tokens = [0, 1, 1, 5, 0, 1] });

    [Fact]
    public void OfAnEmbeddingOfPositions() => Check(_sketch.Add("y", new Embedding(), _sketch.Positions, _sketch.Learned("table", 9, 4)));

    [Theory]
    [InlineData(1, true, false)]
    [InlineData(1, false, true)]
    [InlineData(3, true, true)]
    public void OfALayerNorm(int heads, bool bias, bool unitOffset)
    {
        var norm = new LayerNorm(0.01, unitOffset) { Heads = heads };
        Node gain = _sketch.Learned("gain", 12 / heads);
        Check(bias ? _sketch.Add("y", norm, X, gain, _sketch.Learned("bias", 12 / heads)) : _sketch.Add("y", norm, X, gain));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(4, false)]
    public void OfAnRmsNorm(int heads, bool unitOffset) =>
        Check(_sketch.Add("y", new RmsNorm(0.01, unitOffset) { Heads = heads }, X, _sketch.Learned("gain", 12 / heads)));

    [Theory]
    [InlineData(RotaryPairing.Half, 6, 0)]
    [InlineData(RotaryPairing.Interleaved, 6, 0)]
    [InlineData(RotaryPairing.Half, 4, 2)]
    [InlineData(RotaryPairing.Interleaved, 2, 3)]
    public void OfARotation(RotaryPairing pairing, int width, int start) =>
        Check(_sketch.Add("y", new Rotary(2, 6, new RotarySpec(500, pairing, width)) { Start = start, Context = 32 }, X, _sketch.Positions));

    [Fact]
    public void OfARotationThatAlsoScales()
    {
        var scaling = new RotaryScalingSpec(RotaryScalingKind.LongRope, 1)
        {
            OriginalContext = 12,
            AttentionFactor = 1.2,
            ShortFactors = new double[] { 1, 1.1, 1.2 }.ToEquatableArray(),
            LongFactors = new double[] { 1, 2, 4 }.ToEquatableArray(),
        };
        Check(_sketch.Add("y", new Rotary(2, 6, new RotarySpec(500, RotaryPairing.Half, 6) { Scaling = scaling }) { Context = 32 }, X, _sketch.Positions));
    }

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.ReluSquared)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.GeluTanh)]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.GeluSigmoid)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    public void OfAnActivation(Activation activation) => Check(_sketch.Add("y", new Activate(activation), X));

    [Fact]
    public void OfASumOfAValueWithItself() => Check(_sketch.Add("y", new Add(), X, X));

    [Fact]
    public void OfAProductNumberByNumber() => Check(_sketch.Add("y", new Multiply(), X, _sketch.Rows("z", 12)));

    [Fact]
    public void OfASquare() => Check(_sketch.Add("y", new Multiply(), X, X));

    [Fact]
    public void OfAScale() => Check(_sketch.Add("y", new Scale(0.3), X));

    [Fact]
    public void OfAShift() => Check(_sketch.Add("y", new Multiply(), _sketch.Add("shifted", new Shift(0.3), X), X));

    [Theory]
    [InlineData(-0.5, 0.7)]
    [InlineData(null, 0.7)]
    [InlineData(-0.5, null)]
    public void OfABound(double? lowest, double? highest) => Check(_sketch.Add("y", new Clamp(lowest, highest), X));

    [Fact]
    public void OfACap() => Check(_sketch.Add("y", new Cap(0.8), X));

    [Fact]
    public void OfAFactorOfEachRow() => Check(_sketch.Add("y", new ScaleRows(), X, _sketch.Rows("factor", 1)));

    [Theory]
    [InlineData(1, 2, 7)]
    [InlineData(3, 1, 2)]
    public void OfASlice(int heads, int start, int width) => Check(_sketch.Add("y", new Slice(heads, start, width), X));

    [Fact]
    public void OfHeadsThatArePutTogether() => Check(_sketch.Add("y", new JoinHeads(3), X, _sketch.Rows("common", 2)));

    [Fact]
    public void OfTheFirstToken() => Check(_sketch.Add("y", new FirstToken(), X));

    [Fact]
    public void OfSomeRows() => Differentiated.Check(
        _sketch, _sketch.Add("y", new WantedRows(), X), input => input with { OutputRows = [1, 2, 5], Targets = [4, 0, 2] });

    [Fact]
    public void OfDropout()
    {
        Node dropped = _sketch.Add("y", new Dropout(0.4, Site: 3), X);
        Differentiated.Check(_sketch, _sketch.Add("squared", new Multiply(), dropped, X), input => input with { DropoutSeed = 11, FirstRow = 5 });
    }

    [Fact]
    public void OfASmoothedLoss() => Differentiated.Check(_sketch, X, input => input with { LabelSmoothing = 0.2 });

    private void Check(Node output) => Differentiated.Check(_sketch, output);
}
