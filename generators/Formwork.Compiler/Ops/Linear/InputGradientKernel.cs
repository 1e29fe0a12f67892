using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;

namespace Formwork.Compiler.Ops;

/// <summary>
/// What a product passes back to its input, dx[rows, inputs] = dy[rows, outputs]·W, or added to dx. W is packed for the forward product, in
/// panels of 16 outputs, input by input; the panels of some inputs are turned around into scratch, and all rows pass by (Goto and van de
/// Geijn 2008).
/// </summary>
/// <param name="Inputs">Numbers of a row of dx.</param>
/// <param name="Outputs">Numbers of a row of dy.</param>
/// <param name="Adds">Whether the result is added to what dx holds.</param>
public sealed partial record InputGradientKernel(int Inputs, int Outputs, bool Adds) : Kernel
{
    // Outputs whose weights are turned around at a time, for a group of inputs: 96 KiB for three panels, which the second-level cache keeps.
    private const int MostOutputs = 512;

    public override string Name => $"InputGradient{Inputs}To{Outputs}{(Adds ? "Added" : "")}";

    public override string Formula => $"dx[rows, {Inputs}] {(Adds ? "+=" : "=")} dy[rows, {Outputs}]·W[{Outputs}, {Inputs}]";

    public override long FlopsPerRow => 2L * Inputs * Outputs;

    public override long ScratchFloats => (long)OutputBlock * Lanes * VectorWidth.All.Max(MostPanels);

    private int OutputBlock => Math.Min(MostOutputs, Padded(Outputs));

    /// <summary>Panels of 16 inputs.</summary>
    private int Panels => Padded(Inputs) / Lanes;

    /// <summary>Panels of the widest tile.</summary>
    private int MostPanels(VectorWidth width) => Math.Min(Panels, Tile.ForRows(width, gated: false)[0].Groups);

    /// <summary>
    /// Rows whose gradients are read again and again, for each group of inputs, and so are to stay in the caches: 2 MiB of them with wide
    /// vectors, 1 MiB with narrow ones, which do less with each number they read.
    /// </summary>
    private static int RowBlock(VectorWidth width) => width.Bits == 512 ? 1024 : 512;
}
