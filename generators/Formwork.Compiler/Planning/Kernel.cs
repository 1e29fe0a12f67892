using System.Globalization;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Planning;

/// <summary>
/// One routine of the emitted code: an operation with what is fused into it, for literal dimensions. Kernels are values: two steps whose
/// kernels are equal share one routine.
/// </summary>
public abstract record Kernel
{
    /// <summary>Buffers and packed rows are padded to this many floats, one 512-bit vector, one panel.</summary>
    public const int Lanes = 16;

    /// <summary>
    /// What kernels' methods are marked with: the runtime compiles them once, fully, at their first call, and not first without optimisation
    /// to be profiled. There is nothing to learn about them: every dimension is a constant.
    /// </summary>
    public const string Optimized = "[MethodImpl(MethodImplOptions.AggressiveOptimization)]";

    /// <summary>Its name in the emitted code.</summary>
    public abstract string Name { get; }

    /// <summary>What it computes, in one line.</summary>
    public abstract string Formula { get; }

    /// <summary>Floating-point operations a row; a multiply-add is two.</summary>
    public virtual long FlopsPerRow => 0;

    /// <summary>This kernel and those whose routines it calls, which come first.</summary>
    public virtual IEnumerable<Kernel> WithUsed => [this];

    /// <summary>Writes its class, nested in the model's type.</summary>
    public abstract void EmitCSharp(CodeWriter writer);

    /// <summary>Floats of scratch that each worker needs for itself.</summary>
    public virtual long ScratchFloats => 0;

    /// <summary>Floats of scratch that all workers share, for each <see cref="SharedBlock"/> rows: partial sums over rows, which no number of workers changes.</summary>
    public virtual int SharedFloats => 0;

    /// <summary>Rows whose partial sums are one.</summary>
    public const int SharedBlock = 64;

    /// <summary>A number as it is read, for formulas.</summary>
    protected static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A number as a part of a name: 0.125 is <c>0p125</c>.</summary>
    protected static string NamePart(double value) => Number(value).Replace('.', 'p').Replace("-", "m").Replace("+", "");

    /// <summary>A width padded to whole vectors.</summary>
    public static int Padded(int width) => (width + Lanes - 1) / Lanes * Lanes;
}
