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
public sealed partial record LinearKernel(int Inputs, int Outputs, bool Bias, Activation? Activation, bool Gated, bool AddsResidual) : Kernel
{
    public override string Name =>
        $"{(Gated ? "GatedLinear" : "Linear")}{Inputs}To{Outputs}{(Bias ? "Bias" : "")}{Activation}{(AddsResidual ? "AddedToResidual" : "")}";

    public override string Formula
    {
        get
        {
            string weight = Gated ? "W_gateᵀ" : "Wᵀ", bias = Bias ? " + b" : "";
            string product = $"x[rows, {Inputs}]·{weight}[{Inputs}, {Outputs}]{bias}";
            if (Activation is { } activation)
                product = $"{new Activate(activation).Word}({product})";
            if (Gated)
                product += $" ∘ (x·W_upᵀ{bias})";
            return $"y[rows, {Outputs}] {(AddsResidual ? "+=" : "=")} {product}";
        }
    }

    public override long FlopsPerRow => 2L * Inputs * Outputs * PanelsPerGroup;

    /// <summary>Panels that one group of 16 outputs needs.</summary>
    private int PanelsPerGroup => Gated ? 2 : 1;

    /// <summary>Groups of 16 outputs.</summary>
    private int Groups => Padded(Outputs) / Lanes;
}
