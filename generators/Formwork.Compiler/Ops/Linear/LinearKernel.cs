using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Ops;

/// <summary>
/// A product with its epilogue, y[rows, outputs] = f(x[rows, inputs]·Wᵀ + b), gated f(gate)∘up, perhaps added to y.
/// Weights are panels of 16 outputs, input by input; gate and up panels alternate.
/// </summary>
/// <param name="Inputs">Numbers of an input row.</param>
/// <param name="Outputs">Numbers of an output row.</param>
/// <param name="Bias">Whether a bias is added.</param>
/// <param name="Activation">The activation; null for none.</param>
/// <param name="Gated">Whether there are gate and up weights, the activation being the gate's.</param>
/// <param name="AddsResidual">Whether the result is added to what the output holds.</param>
public sealed partial record LinearKernel(int Inputs, int Outputs, bool Bias, Activation? Activation, bool Gated, bool AddsResidual) : PassKernel
{
    /// <summary>Gated: the gate's input is at most this, up's within plus and minus it; null for no bound.</summary>
    public double? Clamp { get; init; }

    /// <summary>Gated: what is added to up's result.</summary>
    public double UpOffset { get; init; }

    /// <summary>What the result is multiplied by before it is capped or added.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>The result z becomes cap·tanh(z / cap); null for no cap.</summary>
    public double? Cap { get; init; }

    public override string Name
    {
        get
        {
            string name = $"{(Gated ? "GatedLinear" : "Linear")}{Inputs}To{Outputs}{(Bias ? "Bias" : "")}{Activation}";
            if (Clamp is { } clamp)
                name += $"Clamped{NamePart(clamp)}";
            if (UpOffset != 0)
                name += $"UpOffset{NamePart(UpOffset)}";
            if (Scale != 1)
                name += $"Scaled{NamePart(Scale)}";
            if (Cap is { } cap)
                name += $"Capped{NamePart(cap)}";
            return AddsResidual ? $"{name}AddedToResidual" : name;
        }
    }

    public override string Formula
    {
        get
        {
            string weight = Gated ? "W_gateᵀ" : "Wᵀ", bias = Bias ? " + b" : "";
            string product = $"x[rows, {Inputs}]·{weight}[{Inputs}, {Outputs}]{bias}", up = $"x·W_upᵀ{bias}";
            if (Clamp is { } clamp)
                (product, up) = ($"min({product}, {Number(clamp)})", $"min(max({up}, −{Number(clamp)}), {Number(clamp)})");
            if (UpOffset != 0)
                up += $" + {Number(UpOffset)}";
            if (Activation is { } activation)
                product = $"{new Activate(activation).Word}({product})";
            if (Gated)
                product += $" ∘ ({up})";
            if (Scale != 1)
                product = $"{Number(Scale)} · {(Activation is null || Gated ? $"({product})" : product)}";
            if (Cap is { } cap)
                product = $"{Number(cap)} · tanh({product} / {Number(cap)})";
            return $"y[rows, {Outputs}] {(AddsResidual ? "+=" : "=")} {product}";
        }
    }

    public override long FlopsPerRow => 2L * Inputs * Outputs * PanelsPerGroup;

    /// <summary>Panels that one group of 16 outputs needs.</summary>
    private int PanelsPerGroup => Gated ? 2 : 1;

    /// <summary>Groups of 16 outputs.</summary>
    private int Groups => Padded(Outputs) / Lanes;
}
