using System.Globalization;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Repeated measurements of one thing.</summary>
public sealed class Samples
{
    private readonly List<double> _values = [];

    /// <summary>The middle value.</summary>
    public double Median
    {
        get
        {
            var sorted = _values.Order().ToArray();
            var middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    /// <summary>Half the distance of the extremes, relative to the median.</summary>
    public double Spread => (_values.Max() - _values.Min()) / 2 / Median;

    /// <summary>Adds a measurement.</summary>
    public void Add(double value) => _values.Add(value);

    /// <summary>Median and spread, as the tables show them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rounded(Median)} ±{Spread * 100:F0}%");

    /// <summary>Three significant digits at least.</summary>
    public static string Rounded(double value) => value.ToString(value >= 100 ? "N0" : value >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture);
}
