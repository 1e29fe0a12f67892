using System.Globalization;
using Formwork.Compiler.CSharp;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Planning;

/// <summary>Places the tables of sines and cosines; layers with the same rotation share one.</summary>
internal sealed class TablePlanner(int context)
{
    private readonly List<PlannedTable> _tables = [];

    public IReadOnlyList<PlannedTable> Tables => _tables;

    public long Length { get; private set; }

    public PlannedTable Rotary(RotarySpec rotary) => Table(
        $"rotary, base {rotary.Base.ToString("R", CultureInfo.InvariantCulture)}, width {rotary.Width}",
        (long)context * rotary.Width,
        $"FillRotary({{0}}, context: {context}, width: {rotary.Width}, frequencyBase: {CSharpLiteral.Double(rotary.Base)})");

    public PlannedTable Sinusoidal(SinusoidalPositions positions) => Table(
        "sinusoidal positions",
        (long)context * Kernel.Padded(positions.Width),
        $"FillSinusoidal({{0}}, context: {context}, width: {positions.Width}, stride: {Kernel.Padded(positions.Width)}, "
        + $"frequencyBase: {CSharpLiteral.Double(positions.Base)}, halves: {(positions.Arrangement == SinusoidalArrangement.Halves ? "true" : "false")})");

    private PlannedTable Table(string path, long length, string fill)
    {
        if (_tables.Find(table => table.Path == path) is { } known)
            return known;
        var planned = new PlannedTable(path, Length, length, fill);
        _tables.Add(planned);
        Length += (length + Kernel.Lanes - 1) / Kernel.Lanes * Kernel.Lanes;
        return planned;
    }
}
