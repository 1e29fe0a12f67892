using System.Globalization;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Ops;

/// <summary>
/// What a norm passes back to its input, gain and bias. With the normed x̂ = (x − mean)·s, s = 1 / √(variance + ε), and e = dy∘g:
/// dx = s·(e − mean(e) − x̂·mean(e∘x̂)); the root-mean-square norm lacks both means of its own and of e. Mean and scale are computed again.
/// The sums over rows, dg += Σ dy∘x̂ and db += Σ dy, are summed for every <see cref="Kernel.SharedBlock"/> rows and then over these.
/// </summary>
/// <param name="Kind">Layer or root-mean-square.</param>
/// <param name="Width">Numbers that are normed together.</param>
/// <param name="Epsilon">Added to the variance or mean square.</param>
/// <param name="UnitOffset">Whether the gain is 1 + w.</param>
/// <param name="Bias">Whether a bias was added.</param>
/// <param name="Adds">Whether the input's gradient is added to what is there.</param>
public sealed partial record NormGradientKernel(NormKind Kind, int Width, double Epsilon, bool UnitOffset, bool Bias, bool Adds) : Kernel
{
    private int? _inputStride, _outputGradientStride, _inputGradientStride;

    /// <summary>In how many slices a row is, each normed by itself with one gain.</summary>
    public int Heads { get; init; } = 1;

    /// <summary>Floats from one row of the input to the next.</summary>
    public int InputStride { get => _inputStride ?? RowStride; init => _inputStride = value; }

    /// <summary>Floats from one row of the output's gradient to the next.</summary>
    public int OutputGradientStride { get => _outputGradientStride ?? RowStride; init => _outputGradientStride = value; }

    /// <summary>Floats from one row of the input's gradient to the next. Where it is a padded row, its padding is written as zero.</summary>
    public int InputGradientStride { get => _inputGradientStride ?? RowStride; init => _inputGradientStride = value; }

    private int RowStride => Padded(Heads * Width);

    private bool IsWhole => Heads == 1 && InputStride == RowStride && OutputGradientStride == RowStride && InputGradientStride == RowStride;

    public override string Name
    {
        get
        {
            string epsilon = new string(Epsilon.ToString("R", CultureInfo.InvariantCulture).Where(char.IsLetterOrDigit).ToArray());
            return $"{Kind}NormGradient{Width}Epsilon{epsilon}{(UnitOffset ? "UnitOffset" : "")}{(Bias ? "Bias" : "")}{(Adds ? "Added" : "")}"
                + (IsWhole ? "" : $"Heads{Heads}Of{InputStride}And{OutputGradientStride}To{InputGradientStride}");
        }
    }

    public override string Formula
    {
        get
        {
            string gain = UnitOffset ? "dy∘(1 + w)" : "dy∘w", rows = Heads == 1 ? $"[rows, {Width}]" : $"[rows, {Heads} heads, {Width}]";
            string input = Kind == NormKind.Layer ? "s·(e − mean(e) − x̂·mean(e∘x̂))" : "s·(e − x̂·mean(e∘x̂))";
            return $"dx{rows} {(Adds ? "+=" : "=")} {input} with e = {gain}, dw[{Width}] += Σ dy∘x̂{(Bias ? $", db[{Width}] += Σ dy" : "")}";
        }
    }

    /// <summary>The gain's sums, and the bias's.</summary>
    public override int SharedFloats => (Bias ? 2 : 1) * Padded(Width);

    // Equal strides are equal kernels, whether they were given or follow from the width.
    public bool Equals(NormGradientKernel? other) => other is not null && other.Name == Name && other.Epsilon.Equals(Epsilon);

    public override int GetHashCode() => Name.GetHashCode();
}
