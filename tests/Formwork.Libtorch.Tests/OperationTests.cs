using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Interpreter;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Embedding = Formwork.Compiler.Ops.Embedding;
using LayerNorm = Formwork.Compiler.Ops.LayerNorm;
using Linear = Formwork.Compiler.Ops.Linear;

namespace Formwork.Libtorch.Tests;

/// <summary>libtorch computes every operation as the interpreter does, and differentiates it so.</summary>
public class OperationTests : TorchTest
{
    [LibtorchTheory]
    [InlineData(1, 4)]
    [InlineData(6, 24)]
    public void EmbeddingAgrees(int tokens, int width)
    {
        var sketch = new GraphSketch(tokens);
        Check(sketch, sketch.Rows("table", width), given => given["table"].index_select(0, arange(tokens)));
    }

    [LibtorchTheory]
    [InlineData(3, 0)]
    [InlineData(3, 4)]
    public void EmbeddingOfPositionsStartsAtTheFirst(int tokens, int firstPosition)
    {
        var sketch = new GraphSketch(tokens);
        Node output = sketch.Add("y", new Embedding(), sketch.Positions, sketch.Learned("table", 7, 5));
        Check(sketch, output, given => given["table"].slice(0, firstPosition, firstPosition + tokens, 1), firstPosition);
    }

    [LibtorchTheory]
    [InlineData(SinusoidalArrangement.Interleaved, 8, 10000, 0)]
    [InlineData(SinusoidalArrangement.Interleaved, 30, 500, 7)]
    [InlineData(SinusoidalArrangement.Halves, 8, 10000, 0)]
    [InlineData(SinusoidalArrangement.Halves, 30, 500, 7)]
    public void SinusoidalPositionsAgree(SinusoidalArrangement arrangement, int width, double @base, int firstPosition)
    {
        var sketch = new GraphSketch(5);
        Node output = sketch.Add("y", new SinusoidalPositions(width, @base, arrangement), sketch.Positions);
        Check(sketch, output, _ =>
        {
            // As the annotated transformer computes it: exp of a logarithm, and not a power.
            Tensor frequencies = exp(arange(0, width, 2, float64) * (-Math.Log(@base) / width));
            Tensor angles = arange(firstPosition, firstPosition + 5, float64).unsqueeze(1) * frequencies;
            return arrangement == SinusoidalArrangement.Halves
                ? cat([sin(angles), cos(angles)], 1)
                : stack([sin(angles), cos(angles)], 2).flatten(1);
        }, firstPosition);
    }

    [LibtorchTheory]
    [InlineData(1, 7, 3, true)]
    [InlineData(5, 24, 40, true)]
    [InlineData(5, 100, 53, false)]
    public void LinearAgrees(int tokens, int inputs, int outputs, bool bias)
    {
        var sketch = new GraphSketch(tokens);
        Node x = sketch.Rows("x", inputs), weight = sketch.Learned("weight", outputs, inputs);
        Node output = bias ? sketch.Add("y", new Linear(), x, weight, sketch.Learned("bias", outputs)) : sketch.Add("y", new Linear(), x, weight);
        Check(sketch, output, given => functional.linear(given["x"], given["weight"], bias ? given["bias"] : null));
    }

    [LibtorchTheory]
    [InlineData(1, 7, 1e-5, true, false)]
    [InlineData(5, 40, 1e-12, true, true)]
    [InlineData(5, 100, 0.5, false, false)]
    [InlineData(3, 24, 0.5, false, true)]
    public void LayerNormAgrees(int tokens, int width, double epsilon, bool bias, bool unitOffset)
    {
        var sketch = new GraphSketch(tokens);
        Node x = sketch.Rows("x", width), gain = sketch.Learned("gain", width);
        var norm = new LayerNorm(epsilon, unitOffset);
        Node output = bias ? sketch.Add("y", norm, x, gain, sketch.Learned("bias", width)) : sketch.Add("y", norm, x, gain);
        Check(sketch, output, given =>
            functional.layer_norm(given["x"], [width], given["gain"] + (unitOffset ? 1 : 0), bias ? given["bias"] : null, epsilon));
    }

    [LibtorchTheory]
    [InlineData(1, 7, 1e-5, false)]
    [InlineData(5, 40, 0.5, false)]
    [InlineData(5, 100, 1e-6, true)]
    public void RmsNormAgrees(int tokens, int width, double epsilon, bool unitOffset)
    {
        var sketch = new GraphSketch(tokens);
        Node output = sketch.Add("y", new RmsNorm(epsilon, unitOffset), sketch.Rows("x", width), sketch.Learned("gain", width));
        Check(sketch, output, given => TorchFormulas.RmsNorm(given["x"], given["gain"] + (unitOffset ? 1 : 0), epsilon));
    }

    [LibtorchTheory]
    [InlineData(1, 8, 8, 0)]
    [InlineData(3, 8, 8, 11)]
    [InlineData(2, 10, 4, 3)]
    [InlineData(2, 6, 2, 0)]
    public void RotaryAgreesInBothPairings(int heads, int headWidth, int rotated, int firstPosition)
    {
        foreach (RotaryPairing pairing in Enum.GetValues<RotaryPairing>())
        {
            var spec = new RotarySpec(500, pairing, rotated);
            var sketch = new GraphSketch(6);
            Node output = sketch.Add("y", new Rotary(heads, headWidth, spec), sketch.Rows("x", heads * headWidth), sketch.Positions);
            Check(sketch, output, given => TorchFormulas.Rotate(given["x"], heads, spec, firstPosition), firstPosition);
        }
    }

    [LibtorchTheory]
    [InlineData(1, 1, 1, 4)]
    [InlineData(7, 4, 4, 6)]
    [InlineData(7, 4, 2, 6)]
    [InlineData(7, 6, 2, 3)]
    [InlineData(7, 4, 1, 8)]
    public void AttentionAgrees(int tokens, int heads, int keyValueHeads, int headWidth)
    {
        foreach (bool causal in new[] { false, true })
        {
            var attention = new Attention(heads, keyValueHeads, headWidth, 1 / Math.Sqrt(headWidth), causal);
            var sketch = new GraphSketch(tokens);
            Node output = sketch.Add(
                "y", attention, sketch.Rows("q", heads * headWidth), sketch.Rows("k", keyValueHeads * headWidth), sketch.Rows("v", keyValueHeads * headWidth));
            Check(sketch, output, given => TorchFormulas.Attention(given["q"], given["k"], given["v"], heads, keyValueHeads, causal));
        }
    }

    [LibtorchFact]
    public void AttentionsScaleIsItsOwn()
    {
        var sketch = new GraphSketch(4);
        Node output = sketch.Add("y", new Attention(2, 2, 4, 0.125, true), sketch.Rows("q", 8), sketch.Rows("k", 8), sketch.Rows("v", 8));

        // libtorch multiplies by 1/√4 itself.
        Check(sketch, output, given => TorchFormulas.Attention(given["q"] * (0.125 * 2), given["k"], given["v"], 2, 2, causal: true));
    }

    [LibtorchTheory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.ReluSquared)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.GeluTanh)]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.GeluSigmoid)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    public void ActivationsAgree(Activation activation)
    {
        var sketch = new GraphSketch(1);
        Node x = sketch.Rows("x", 4001);
        ModelGraph graph = sketch.Graph(sketch.Add("y", new Activate(activation), x));
        var everywhere = Enumerable.Range(-2000, 4001).Select(i => i * 0.01).ToArray();
        NodeValues values = GraphInterpreter.Run(graph, new Dictionary<string, double[]> { ["x"] = everywhere }, sketch.Tokens);

        Agree(values["y"], TorchFormulas.Activate(Of(everywhere, 1, 4001), activation));
    }

    [LibtorchFact]
    public void ElementwiseOperationsAgree()
    {
        var sketch = new GraphSketch(3);
        Node a = sketch.Rows("a", 5), b = sketch.Rows("b", 5);
        Node scaled = sketch.Add("scaled", new Scale(1.5), sketch.Add("sum", new Add(), a, b));
        Check(sketch, sketch.Add("y", new Multiply(), scaled, b), given => given["a"].add(given["b"]).mul(1.5).mul(given["b"]));
    }
}
