using Formwork.Compiler.CSharp;
using Formwork.Compiler.Ops.Gradients;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Ops;

/// <summary>
/// What stands between an expert's products, in the emitted C#: f(up), or f(min(gate, clamp)) ∘ (min(max(up, −clamp), clamp) + offset) when
/// gated. In its texts <c>{V}</c> is the vector class and <c>{T}</c> its type.
/// </summary>
/// <param name="Function">f.</param>
/// <param name="Gated">Whether there is a gate.</param>
/// <param name="Clamp">The bound; null for none.</param>
/// <param name="UpOffset">The offset.</param>
public sealed record ExpertActivation(Activation Function, bool Gated, double? Clamp, double UpOffset)
{
    /// <summary>A feed-forward part's.</summary>
    public static ExpertActivation Of(FeedForwardSpec part) => part.Gated
        ? new(part.Activation, true, part.Clamp, part.UpOffset)
        : new(part.Activation, false, null, 0);

    /// <summary>f of what goes into it.</summary>
    public string Activated(string x) => $"VectorMath.{Function}({x})";

    /// <summary>f′, of what goes into f or what comes out, whichever it is made of.</summary>
    public string Derivative(string x, string activated) => $"VectorMath.{Function}Derivative({(new ActivateGradient(Function).OfResult ? activated : x)})";

    /// <summary>The gate within its bound.</summary>
    public string Bounded(string gate) => Clamp is null ? gate : $"{{V}}.Min({gate}, {Bound})";

    /// <summary>What the activated gate is multiplied by.</summary>
    public string Value(string up)
    {
        string value = Clamp is null ? up : $"{{V}}.Min({{V}}.Max({up}, -{Bound}), {Bound})";
        return UpOffset == 0 ? value : $"({value} + {{V}}.Create({CSharpLiteral.Float(UpOffset)}))";
    }

    /// <summary>What flows back to the gate, nothing from beyond the bound.</summary>
    public string ThroughGateBound(string gate, string gradient) => Clamp is null ? gradient : $"{{V}}.ConditionalSelect({{V}}.LessThan({gate}, {Bound}), {gradient}, {{T}}.Zero)";

    /// <summary>What flows back to up, nothing from beyond the bounds.</summary>
    public string ThroughUpBounds(string up, string gradient) => Clamp is null ? gradient : $"{{V}}.ConditionalSelect({{V}}.LessThan({{V}}.Abs({up}), {Bound}), {gradient}, {{T}}.Zero)";

    private string Bound => $"{{V}}.Create({CSharpLiteral.Float(Clamp!.Value)})";
}
