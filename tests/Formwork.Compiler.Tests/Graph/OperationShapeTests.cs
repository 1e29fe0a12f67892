using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Interpreter;
using Xunit;

namespace Formwork.Compiler.Tests.Graph;

/// <summary>Every operation refuses inputs that do not fit, and says node, operation, expected and found.</summary>
public class OperationShapeTests
{
    private readonly GraphSketch _sketch = new(3);

    [Fact]
    public void AnEmbeddingNeedsIds() =>
        Refused("x: embedding: expected input 0 of shape int [tokens], found [tokens, 4]", new Embedding(), Rows(4), Vector(4));

    [Fact]
    public void AnEmbeddingNeedsATable() =>
        Refused("x: embedding: expected a table [count, width], found [4]", new Embedding(), _sketch.Ids, Vector(4));

    [Fact]
    public void ALinearNeedsAsManyInputsAsItsRowsAreWide() =>
        Refused("x: linear: expected a weight [outputs, 4], found [6, 5]", new Linear(), Rows(4), _sketch.Learned("w", 6, 5));

    [Fact]
    public void ALinearNeedsABiasOfItsOutputs() =>
        Refused("x: linear: expected input 2 of shape [6], found [4]", new Linear(), Rows(4), _sketch.Learned("w", 6, 4), Vector(4));

    [Fact]
    public void ALinearNeedsAWeight() => Refused("x: linear: expected x, weight and perhaps bias, found 1 inputs", new Linear(), Rows(4));

    [Fact]
    public void ALayerNormNeedsAGainOfItsWidth() =>
        Refused("x: layer_norm: expected input 1 of shape [4], found [5]", new LayerNorm(1e-5, false), Rows(4), Vector(5));

    [Fact]
    public void AnRmsNormHasNoBias() =>
        Refused("x: rms_norm: expected 2 inputs, found 3", new RmsNorm(1e-5, false), Rows(4), Vector(4), _sketch.Learned("bias", 4));

    [Fact]
    public void AddAndMultiplyNeedInputsOfOneShape()
    {
        Refused("x: add: expected input 1 of shape [tokens, 4], found [4]", new Add(), Rows(4), Vector(4));
        Refused("y: multiply: expected input 1 of shape [tokens, 4], found [4]", "y", new Multiply(), _sketch.Rows("b", 4), _sketch.Learned("v", 4));
    }

    [Fact]
    public void RotaryNeedsRowsOfItsHeads() => Refused(
        "x: rotary: expected input 0 of shape [tokens, 8], found [tokens, 4]",
        new Rotary(2, 4, new RotarySpec(10000, RotaryPairing.Half, 4)), Rows(4), _sketch.Positions);

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void RotaryNeedsAnEvenWidthInsideItsHead(int width) => Refused(
        $"x: rotary: expected an even rotated width of at most 4, found {width}",
        new Rotary(1, 4, new RotarySpec(10000, RotaryPairing.Half, width)), Rows(4), _sketch.Positions);

    [Fact]
    public void AttentionNeedsKeyValueHeadsThatDivideTheHeads() => Refused(
        "x: attention: expected key/value heads that divide 3, found 2",
        new Attention(3, 2, 2, 1, true), Rows(6), _sketch.Rows("k", 4), _sketch.Rows("v", 4));

    [Fact]
    public void AttentionNeedsKeysOfItsHeads() => Refused(
        "x: attention: expected input 1 of shape [tokens, 4], found [tokens, 8]",
        new Attention(4, 2, 2, 1, true), Rows(8), _sketch.Rows("k", 8), _sketch.Rows("v", 4));

    [Fact]
    public void SinusoidalPositionsNeedAnEvenWidth() => Refused(
        "x: sinusoidal_positions: expected an even width, found 5",
        new SinusoidalPositions(5, 10000, SinusoidalArrangement.Halves), _sketch.Positions);

    [Fact]
    public void AParameterHasNoRuntimeAxis() =>
        Refused("x: parameter: expected literal dimensions, found [tokens, 4]", new Parameter(Shape.Of(Dimension.Tokens, 4)));

    private Node Rows(int width) => _sketch.Rows("a", width);

    private Node Vector(int width) => _sketch.Learned("vector", width);

    private void Refused(string message, Operation operation, params Node[] inputs) => Refused(message, "x", operation, inputs);

    private void Refused(string message, string name, Operation operation, params Node[] inputs) =>
        Assert.Equal(message, Assert.Throws<ShapeException>(() => _sketch.Add(name, operation, inputs)).Message);
}
