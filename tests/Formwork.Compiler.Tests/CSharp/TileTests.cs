using Formwork.Compiler.CSharp;
using Formwork.Compiler.Ops;
using Xunit;

namespace Formwork.Compiler.Tests.CSharp;

/// <summary>Register tiles must fit the registers, or the JIT spills accumulators in the innermost loop.</summary>
public class TileTests
{
    [Theory]
    [InlineData(512, 32)]
    [InlineData(256, 16)]
    [InlineData(128, 16)]
    public void AccumulatorsAndOperandsFitTheRegisters(int bits, int registers)
    {
        VectorWidth width = VectorWidth.All.Single(width => width.Bits == bits);
        foreach (bool gated in new[] { false, true })
        {
            foreach (Tile tile in Tile.ForRows(width, gated).Concat(Tile.ForOneRow(width, gated)))
            {
                int weights = tile.Groups * (gated ? 2 : 1) * width.VectorsPerPanel;
                // The fewer of inputs and weights are held; the others pass through one register.
                int operands = Math.Min(tile.Rows, weights) + 1;
                Assert.True(tile.Rows * weights + operands <= registers, $"{tile} of {bits} bits, gated {gated}");
            }
        }
    }

    [Fact]
    public void EveryRowCountAndGroupCountHasATile()
    {
        foreach (VectorWidth width in VectorWidth.All)
        {
            foreach (bool gated in new[] { false, true })
            {
                Assert.Equal(1, Tile.ForRows(width, gated)[^1].Rows);
                Assert.Equal(1, Tile.ForOneRow(width, gated)[^1].Groups);
                Assert.Single(Tile.ForRows(width, gated).Select(tile => tile.Groups).Distinct());
            }
        }
    }
}
