using Formwork.Compiler.CSharp;

namespace Formwork.Compiler.Ops;

/// <summary>
/// A register tile of a product: this many rows by this many groups of outputs. A group is one panel of 16 outputs, or a gate and an up
/// panel in a gated product. Accumulators, weights and one broadcast input must fit the registers.
/// </summary>
/// <param name="Rows">Rows of the input.</param>
/// <param name="Groups">Groups of outputs.</param>
public sealed record Tile(int Rows, int Groups)
{
    /// <summary>Tiles for many rows, tallest first; the last has one row. The most accumulators that leave registers for the operands.</summary>
    public static IReadOnlyList<Tile> ForRows(VectorWidth width, bool gated) => (width.Bits, gated) switch
    {
        (512, false) => [new(8, 3), new(4, 3), new(1, 3)], // 24 accumulators of 32 registers
        (512, true) => [new(6, 2), new(2, 2), new(1, 2)],  // 6 × 2 × gate and up
        (256, false) => [new(6, 1), new(2, 1), new(1, 1)], // 12 accumulators of 16 registers
        (256, true) => [new(3, 1), new(1, 1)],             // 3 × gate and up × 2 vectors
        (128, false) => [new(2, 1), new(1, 1)],            // 8 accumulators, 4 weights, 1 broadcast
        _ => [new(1, 1)],
    };

    /// <summary>
    /// Tiles for one row, widest first; the last has one group. Eight accumulators hide the latency of a multiply-add, and groups far apart
    /// let the memory see several streams.
    /// </summary>
    public static IReadOnlyList<Tile> ForOneRow(VectorWidth width, bool gated) => (width.Bits, gated) switch
    {
        (512, false) => [new(1, 8), new(1, 4), new(1, 1)],
        (512, true) => [new(1, 4), new(1, 2), new(1, 1)],
        (256, false) => [new(1, 4), new(1, 2), new(1, 1)],
        (256, true) => [new(1, 2), new(1, 1)],
        (128, false) => [new(1, 2), new(1, 1)],
        _ => [new(1, 1)],
    };
}
