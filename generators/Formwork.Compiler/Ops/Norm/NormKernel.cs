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
public sealed partial record NormKernel(NormKind Kind, int Width, double Epsilon, bool UnitOffset, bool Bias, bool AddsResidual) : Kernel
{
    public override string Name
    {
        get
        {
            string epsilon = new string(Epsilon.ToString("R", System.Globalization.CultureInfo.InvariantCulture).Where(char.IsLetterOrDigit).ToArray());
            return $"{Kind}Norm{Width}Epsilon{epsilon}{(UnitOffset ? "UnitOffset" : "")}{(Bias ? "Bias" : "")}{(AddsResidual ? "AddedToResidual" : "")}";
        }
    }

    public override string Formula
    {
        get
        {
            string gain = UnitOffset ? "(1 + w)" : "w", bias = Bias ? " + b" : "";
            string normed = Kind == NormKind.Layer ? $"(x − mean(x)) / √(variance(x) + ε) · {gain}{bias}" : $"x / √(mean(x²) + ε) · {gain}";
            return $"y[rows, {Width}] {(AddsResidual ? "+=" : "=")} {normed}";
        }
    }
}
