using Xunit;

namespace Formwork.Models.Tests.Kernels;

/// <summary>Compares what a kernel computed with sums in float64.</summary>
internal static class Near
{
    /// <summary>Every element within <paramref name="tolerance"/> of the expected one, in units of the largest expected one (at least 1).</summary>
    public static void Equal(Func<int, int, double> expected, Matrix actual, double tolerance, string what)
    {
        double largest = 1, worst = 0;
        string place = "";
        for (int row = 0; row < actual.Rows; row++)
        {
            for (int column = 0; column < actual.Columns; column++)
            {
                double value = expected(row, column), error = Math.Abs(value - actual[row, column]);
                largest = Math.Max(largest, Math.Abs(value));
                if (error > worst || double.IsNaN(error))
                    (worst, place) = (double.IsNaN(error) ? double.PositiveInfinity : error, $"[{row}, {column}]: {actual[row, column]} instead of {value}");
            }
        }
        Assert.True(worst <= tolerance * largest, $"{what} {place}");
        Assert.True(actual.IsUnharmed, $"{what}: written past the end");
    }
}
