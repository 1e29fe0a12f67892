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

namespace Formwork.Libtorch.Tests.Training;

/// <summary>What flows back through operations is what autograd finds, where <see cref="OperationTests"/> does not ask already.</summary>
public class OperationGradientTests : TorchTest
{
    private const int Width = 12;
    private readonly GraphSketch _sketch = new(6);

    private Node X => field ??= _sketch.Rows("x", Width);

    [LibtorchTheory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.ReluSquared)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.GeluTanh)]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.GeluSigmoid)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    public void OfActivations(Activation activation) =>
        Check(_sketch, _sketch.Add("y", new Activate(activation), _sketch.Add("far", new Scale(3), X)), given => TorchFormulas.Activate(given["x"] * 3, activation));

    [LibtorchTheory]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.GeluTanh)]
    public void OfAGatedProduct(Activation activation)
    {
        Node Product(string name) => _sketch.Add($"{name}.product", new Linear(), X, _sketch.Learned(name, 8, Width));
        Node hidden = _sketch.Add("hidden", new Multiply(), _sketch.Add("activation", new Activate(activation), Product("gate")), Product("up"));
        Check(_sketch, _sketch.Add("y", new Linear(), hidden, _sketch.Learned("down", Width, 8)), given => functional.linear(
            TorchFormulas.Activate(functional.linear(given["x"], given["gate"]), activation) * functional.linear(given["x"], given["up"]), given["down"]));
    }

    [LibtorchFact]
    public void OfIdsThatComeAgain()
    {
        int[] ids = [0, 1, 1, 5, 0, 1];
        CheckGradients(_sketch, X, given => given["x"][tensor(ids, int64)], input => input with { Tokens = ids });
    }

    [LibtorchTheory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void OfALoss(double smoothing) => CheckGradients(_sketch, X, given => given["x"], input => input with { LabelSmoothing = smoothing });

    [LibtorchFact]
    public void OfALossOfSomeRows()
    {
        int[] rows = [1, 2, 5];
        CheckGradients(
            _sketch, _sketch.Add("y", new WantedRows(), X), given => given["x"][tensor(rows, int64)],
            input => input with { OutputRows = rows, Targets = [4, 0, 2], LabelSmoothing = 0.1 });
    }

    [LibtorchFact]
    public void OfTheFirstToken() => Check(_sketch, _sketch.Add("y", new FirstToken(), X), given => given["x"].slice(0, 0, 1, 1));

    [LibtorchTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void OfNormsOfEachHead(bool layer)
    {
        Node gain = _sketch.Learned("gain", 4);
        Node output = layer
            ? _sketch.Add("y", new LayerNorm(0.01, false) { Heads = 3 }, X, gain, _sketch.Learned("bias", 4))
            : _sketch.Add("y", new RmsNorm(0.01, false) { Heads = 3 }, X, gain);
        Check(_sketch, output, given =>
        {
            Tensor heads = given["x"].view(6, 3, 4);
            return (layer ? functional.layer_norm(heads, [4], given["gain"], given["bias"], 0.01) : TorchFormulas.RmsNorm(heads, given["gain"], 0.01)).view(6, Width);
        });
    }

    [LibtorchFact]
    public void OfACap() => Check(_sketch, _sketch.Add("y", new Cap(0.8), X), given => (given["x"] / 0.8).tanh() * 0.8);

    [LibtorchFact]
    public void OfBounds() => Check(_sketch, _sketch.Add("y", new Clamp(-0.5, 0.7), X), given => given["x"].clamp(-0.5, 0.7));

    [LibtorchFact]
    public void OfAShift() => Check(_sketch, _sketch.Add("y", new Multiply(), _sketch.Add("shifted", new Shift(0.3), X), X), given => (given["x"] + 0.3) * given["x"]);

    [LibtorchFact]
    public void OfAFactorOfEachRow() =>
        Check(_sketch, _sketch.Add("y", new ScaleRows(), X, _sketch.Rows("factor", 1)), given => given["x"] * given["factor"]);

    [LibtorchFact]
    public void OfHeadsThatAreCutAndPutTogether()
    {
        Node cut = _sketch.Add("cut", new Slice(3, 1, 2), X);
        Check(_sketch, _sketch.Add("y", new JoinHeads(3), cut, _sketch.Rows("common", 5)), given =>
            cat([given["x"].view(6, 3, 4).slice(2, 1, 3, 1), given["common"].unsqueeze(1).expand(6, 3, 5)], 2).reshape(6, -1));
    }

    [LibtorchFact]
    public void OfPositions()
    {
        Node output = _sketch.Add("y", new Add(), X, _sketch.Add("positions.rows", new Embedding(), _sketch.Positions, _sketch.Learned("table", 20, Width)));
        Check(_sketch, output, given => given["x"] + given["table"].slice(0, 9, 15, 1), firstPosition: 9);
    }
}
