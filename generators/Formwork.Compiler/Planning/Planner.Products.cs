using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Planning;

/// <content>Products and norms, with what is fused into them.</content>
public sealed partial class Planner
{
    /// <summary>What follows a product and is done while its result is in registers.</summary>
    private sealed record Epilogue(Node End, Activation? Activation, double Scale, double? Cap, Node? Residual);

    private Epilogue EpilogueOf(Node linear)
    {
        var epilogue = new Epilogue(linear, null, 1, null, null);
        while (epilogue.Residual is null && _fusion.OnlyUser(epilogue.End) is { } user)
        {
            Epilogue? longer = user.Operation switch
            {
                Activate activate when epilogue is { Activation: null, Scale: 1 } => epilogue with { Activation = activate.Function },
                Scale scale when epilogue.Cap is null => epilogue with { Scale = epilogue.Scale * scale.Factor },
                Cap cap when epilogue.Cap is null => epilogue with { Cap = cap.Limit },
                Add when user.Inputs[1] == epilogue.End && epilogue.Cap is null => epilogue with { Residual = user.Inputs[0] },
                _ => null,
            };
            if (longer is null || _fused.Contains(user))
                break;
            epilogue = longer with { End = user };
        }
        return epilogue;
    }

    private void PlanProduct(Node linear, PassDraft pass, bool toResult = false)
    {
        Node input = linear.Inputs[0];
        Epilogue epilogue = EpilogueOf(linear);
        if (!_heads.Contains(linear))
            MarkBetween(linear, epilogue.End);
        var weights = new List<PlannedWeight> { Panels(linear.Inputs[1].Name, [linear.Inputs[1]]) };
        if (Bias(linear) is { } bias)
            weights.Add(_weights.Panels(bias.Name, [bias], [linear.Shape.Width], 1));
        var kernel = new LinearKernel(input.Shape.Width, linear.Shape.Width, weights.Count > 1, epilogue.Activation, Gated: false, epilogue.Residual is not null)
        {
            Scale = epilogue.Scale,
            Cap = epilogue.Cap,
        };
        BufferPlanner.Value? output = toResult ? null
            : epilogue.Residual is { } residual ? InPlace(residual, epilogue.End, pass)
            : pass.New(epilogue.End, Role(linear));
        string path = epilogue.Activation is null || linear.Name == "logits" ? linear.Name : $"{linear.Name}, {Last(epilogue.End.Name)}";
        pass.Step(path, kernel, pass[input], output, weights);
    }

    private void PlanGatedProduct(Node node, PassDraft pass)
    {
        Node activate = node.Inputs[0], gate = LinearUnder(activate), up = LinearUnder(node.Inputs[1]);
        string path = Parent(gate.Name);
        int inputs = gate.Inputs[0].Shape.Width, outputs = node.Shape.Width;
        bool bias = gate.Inputs.Count == 3 || up.Inputs.Count == 3;
        var weights = new List<PlannedWeight> { _weights.AlternatingPanels($"{path}.gate_up.weight", [Weight(gate), Weight(up)], outputs, inputs) };
        if (bias)
            weights.Add(_weights.AlternatingPanels($"{path}.gate_up.bias", [Bias(gate), Bias(up)], outputs, 1));
        var kernel = new LinearKernel(inputs, outputs, bias, ((Activate)activate.Operation).Function, Gated: true, AddsResidual: false)
        {
            Clamp = activate.Inputs[0].Operation is Clamp clamp ? clamp.Highest : null,
            UpOffset = node.Inputs[1].Operation is Shift shift ? shift.Amount : 0,
        };
        pass.Step($"{path}.gate, .up, .hidden", kernel, pass[gate.Inputs[0]], pass.New(node, "hidden"), weights);
    }

    private void PlanNorm(Node norm, PassDraft pass, bool toResult = false)
    {
        Node input = norm.Inputs[0], end = norm;
        Node? residual = null;
        if (!toResult && _fusion.OnlyUser(norm) is { Operation: Add } add && add.Inputs[1] == norm)
        {
            (end, residual) = (add, add.Inputs[0]);
            _fused.Add(add);
        }
        // The narrow part of a row is normed where it lies.
        Slice? slice = input.Operation as Slice;
        Node read = slice is null ? input : input.Inputs[0];
        NormKernel kernel = NormKernelOf(norm, residual is not null) with { InputStride = Kernel.Padded(read.Shape.Width), Start = slice?.Start ?? 0 };
        // A row is read whole before it is written, so a norm can take its input's place when nothing else reads that.
        BufferPlanner.Value? output = toResult ? null
            : residual is not null ? InPlace(residual, end, pass)
            : slice is null && _fusion.OnlyUser(input) is not null ? InPlace(input, end, pass)
            : pass.New(end, slice is null ? NormedRole(norm) : Role(norm));
        pass.Step(norm.Name, kernel, pass[read], output, norm.Inputs.Skip(1).Select(_weights.Dense).ToArray());
    }

    // Where both parts of a layer read norms of one residual stream, there are two at a time.
    private string NormedRole(Node norm) =>
        _fusion.Users(norm.Inputs[0]).Count(user => user.Operation is LayerNorm or RmsNorm) > 1 && norm.Name.EndsWith("feed_forward.norm", StringComparison.Ordinal) ? "feedForwardNormed" : "normed";

    internal static NormKernel NormKernelOf(Node norm, bool addsResidual)
    {
        bool bias = norm.Inputs.Count == 3;
        return norm.Operation switch
        {
            LayerNorm layer => new NormKernel(NormKind.Layer, norm.Shape.Width / layer.Heads, layer.Epsilon, layer.UnitOffset, bias, addsResidual) { Heads = layer.Heads },
            RmsNorm rms => new NormKernel(NormKind.Rms, norm.Shape.Width / rms.Heads, rms.Epsilon, rms.UnitOffset, bias, addsResidual) { Heads = rms.Heads },
            _ => throw new InvalidOperationException($"{norm.Name} is no norm"),
        };
    }

    private void MarkBetween(Node linear, Node end)
    {
        for (Node node = linear; node != end; _fused.Add(node))
            node = _fusion.OnlyUser(node)!;
    }

    private static Node LinearUnder(Node node)
    {
        while (node.Operation is not Linear)
            node = node.Inputs[0];
        return node;
    }

    /// <summary>
    /// The name of a product's buffer: what goes back to the residual stream is "projected", what it is computed from "hidden"; other things are
    /// called what they are.
    /// </summary>
    private static string Role(Node node) => Last(node.Name).Substring(1) switch
    {
        "output" or "down" => "projected",
        "up" => "hidden",
        var last => Text.Names.CamelCase(last),
    };

    private static string Last(string name) => name.Substring(name.LastIndexOf('.') is var dot && dot < 0 ? 0 : dot);

    private static string Parent(string name) => name.Substring(0, name.LastIndexOf('.'));
}
