using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>
/// Number by number, a formula of some operands: whatever stands between products, in one walk. In the formula operands are x0, x1 …, the
/// vector class <c>{V}</c>, its type <c>{T}</c>, and dropouts <c>Drop0(x)</c>, <c>Drop1(x)</c> ….
/// </summary>
/// <param name="Title">What it computes, as a part of a name: <c>AddDropout</c>.</param>
/// <param name="Expression">The formula.</param>
/// <param name="Width">Numbers of a row.</param>
/// <param name="Operands">Where the operands' numbers are.</param>
/// <param name="Output">Where the result's go.</param>
/// <param name="OwnsPadding">Whether the result has its rows to itself, so that their padding can be set to zero.</param>
/// <param name="Rates">The rate of each dropout.</param>
public sealed partial record ElementwiseKernel(
    string Title,
    string Expression,
    int Width,
    EquatableArray<ElementwiseOperand> Operands,
    ElementwiseOperand Output,
    bool OwnsPadding,
    EquatableArray<double> Rates) : Kernel
{
    /// <summary>Which of the kernels with the same title and width it is.</summary>
    public int Variant { get; init; }

    public override string Name => $"{Title}{Width}{(Variant == 0 ? "" : $"_{Variant + 1}")}";

    public override string Formula
    {
        get
        {
            string formula = Expression.Replace("VectorMath.", "").Replace("{V}.Create", "").Replace("{V}.", "").Replace("{T}.", "");
            return $"y[rows, {Width}] = {formula}";
        }
    }

    private bool Alternates => Output.Alternates || Operands.Any(operand => operand.Alternates);

    /// <summary>Whether rows stand one after the other without gaps, so that they are walked as one.</summary>
    private bool IsFlat => !Alternates && Width % Lanes == 0 && OwnsPadding && Output.Stride == Width && Operands.All(operand => operand.Stride == Width);
}
