using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;

namespace Formwork.Compiler.Ops;

/// <summary>
/// What a product passes back to its weights and bias, added to what is there: dW[outputs, inputs] += dyᵀ·x and db[outputs] += Σ dy over
/// the rows. dW lies as W does, in panels of 16 outputs, input by input, the last one's lanes past the outputs getting zero.
/// </summary>
/// <param name="Inputs">Numbers of a row of x.</param>
/// <param name="Outputs">Numbers of a row of dy.</param>
/// <param name="Bias">Whether there is a bias.</param>
public sealed partial record WeightGradientKernel(int Inputs, int Outputs, bool Bias) : Kernel
{
    // Rows that one walk over the gradients sums: the more, the fewer walks; their gradients of three panels, 96 KiB, and their inputs,
    // 512 KiB at most, are to stay in the second-level cache.
    private const int RowBlock = 512;

    public override string Name => $"WeightGradient{Inputs}To{Outputs}{(Bias ? "Bias" : "")}";

    public override string Formula => $"dW[{Outputs}, {Inputs}] += dyᵀ[{Outputs}, rows]·x[rows, {Inputs}]{(Bias ? $", db[{Outputs}] += Σ dy[rows, {Outputs}]" : "")}";

    public override long FlopsPerRow => 2L * Inputs * Outputs;

    public override long ScratchFloats => VectorWidth.All.Max(width => RowBlock * (long)(Padded(InputBlock(width)) + Lanes * MostPanels(width)));

    /// <summary>Panels of 16 outputs.</summary>
    private int Panels => Padded(Outputs) / Lanes;

    /// <summary>Panels of the widest tile.</summary>
    private int MostPanels(VectorWidth width) => Math.Min(Panels, Tile.ForRows(width, gated: false)[0].Groups);

    /// <summary>Inputs of a tile.</summary>
    private static int TileInputs(VectorWidth width) => Tile.ForRows(width, gated: false)[0].Rows;

    /// <summary>Inputs that are packed at a time, whole tiles of them.</summary>
    private int InputBlock(VectorWidth width) => Math.Min(Inputs, 256 / TileInputs(width) * TileInputs(width));
}
