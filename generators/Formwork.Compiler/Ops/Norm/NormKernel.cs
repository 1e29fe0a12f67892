using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Ops;

/// <summary>A norm over each row, perhaps added to the residual stream.</summary>
/// <param name="Kind">Layer or root-mean-square.</param>
/// <param name="Width">Numbers of a row.</param>
/// <param name="Epsilon">Added to the variance or mean square.</param>
/// <param name="UnitOffset">Whether the gain is 1 + w.</param>
/// <param name="Bias">Whether a bias is added.</param>
/// <param name="AddsResidual">Whether the result is added to what the output holds.</param>
public sealed partial record NormKernel(NormKind Kind, int Width, double Epsilon, bool UnitOffset, bool Bias, bool AddsResidual) : PassKernel
{
    /// <summary>In how many slices the row is, each normed by itself with one gain.</summary>
    public int Heads { get; init; } = 1;

    /// <summary>The first number that is normed, in a row of the input.</summary>
    public int Start { get; init; }

    /// <summary>Where the first number goes, in a row of the output.</summary>
    public int OutputStart { get; init; }

    /// <summary>Floats from one row of the input to the next.</summary>
    public int InputStride { get; init; } = Padded(Width);

    /// <summary>Floats from one row of the output to the next.</summary>
    public int OutputStride { get; init; } = Padded(Width);

    private bool IsWhole => Heads == 1 && Start == 0 && OutputStart == 0 && InputStride == Padded(Width) && OutputStride == Padded(Width);

    public override string Name
    {
        get
        {
            string epsilon = new string(Epsilon.ToString("R", System.Globalization.CultureInfo.InvariantCulture).Where(char.IsLetterOrDigit).ToArray());
            return $"{Kind}Norm{Width}Epsilon{epsilon}{(UnitOffset ? "UnitOffset" : "")}{(Bias ? "Bias" : "")}{(AddsResidual ? "AddedToResidual" : "")}"
                + (IsWhole ? "" : $"Heads{Heads}From{Start}Of{InputStride}To{OutputStart}Of{OutputStride}");
        }
    }

    public override string Formula
    {
        get
        {
            string gain = UnitOffset ? "(1 + w)" : "w", bias = Bias ? " + b" : "";
            string normed = Kind == NormKind.Layer ? $"(x − mean(x)) / √(variance(x) + ε) · {gain}{bias}" : $"x / √(mean(x²) + ε) · {gain}";
            string y = Heads == 1 ? $"y[rows, {Width}]" : $"y[rows, {Heads} heads, {Width}]";
            return $"{y} {(AddsResidual ? "+=" : "=")} {normed}";
        }
    }
}
