using System.Globalization;
using Formwork.Compiler.CSharp;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Planning;

/// <summary>Places the tables of sines and cosines; layers with the same rotation share one.</summary>
internal sealed class TablePlanner
{
    private readonly List<PlannedTable> _tables = [];
    private readonly Dictionary<string, PlannedTable> _known = [];

    public IReadOnlyList<PlannedTable> Tables => _tables;

    public long Length { get; private set; }

    public PlannedTable Rotary(Rotary rotary)
    {
        RotarySpec spec = rotary.Spec;
        string kind = spec.Scaling is { } scaling ? $", {scaling}" : "";
        var frequencies = RotaryFrequencies.Of(spec, rotary.Context);
        string fill = spec.Scaling is null
            ? $"FillRotary({{0}}, context: {rotary.Context}, width: {spec.Width}, frequencyBase: {CSharpLiteral.Double(spec.Base)})"
            : $"FillRotary({{0}}, context: {rotary.Context}, width: {spec.Width}, frequencies: [{string.Join(", ", frequencies.Values.Select(CSharpLiteral.Double))}], magnitude: {CSharpLiteral.Double(frequencies.Magnitude)})";
        return Table($"rotary, base {Number(spec.Base)}, width {spec.Width}, context {rotary.Context}{kind}", $"rotary, base {Number(spec.Base)}, width {spec.Width}", (long)rotary.Context * spec.Width, fill);
    }

    public PlannedTable Sinusoidal(SinusoidalPositions positions, int context, int offset)
    {
        string fill = $"FillSinusoidal({{0}}, context: {context}, width: {positions.Width}, stride: {Kernel.Padded(positions.Width)}, "
            + $"frequencyBase: {CSharpLiteral.Double(positions.Base)}, halves: {CSharpLiteral.Boolean(positions.Arrangement == SinusoidalArrangement.Halves)}"
            + (positions.Spacing == SinusoidalSpacing.Closed ? ", closed: true" : "")
            + (offset == 0 ? ")" : $", offset: {offset})");
        return Table($"sinusoidal, {positions}, context {context}, offset {offset}", "sinusoidal positions", (long)context * Kernel.Padded(positions.Width), fill);
    }

    /// <summary>What distances add to scores, for each head; read from the learned table where there is one.</summary>
    public PlannedTable Distances(DistanceBias distance, int heads, int context, PlannedWeight? learned)
    {
        string bidirectional = distance.Bidirectional ? ", bidirectional: true" : "";
        string fill = learned is null
            ? $"FillDistanceBias({{0}}, context: {context}, heads: {heads}{bidirectional})"
            : $"FillDistanceBias({{0}}, context: {context}, heads: {heads}, Weights + {Names.CSharp(learned.Path)}, stride: {Kernel.Padded(heads)}, "
                + $"buckets: {distance.Buckets}, maxDistance: {distance.MaxDistance}, bidirectional: {CSharpLiteral.Boolean(distance.Bidirectional)})";
        return Table($"distances, {distance}, {heads} heads, context {context}, {learned?.Path}", "what distances add to scores", (long)heads * AttentionKernel.DistanceStride(context), fill);
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private PlannedTable Table(string key, string path, long length, string fill)
    {
        if (_known.TryGetValue(key, out PlannedTable? known))
            return known;
        var planned = new PlannedTable(path, Length, length, fill);
        _known.Add(key, planned);
        _tables.Add(planned);
        Length += (length + Kernel.Lanes - 1) / Kernel.Lanes * Kernel.Lanes;
        return planned;
    }
}
