using System.Globalization;
using System.Text.RegularExpressions;

namespace Formwork.Import.Tests.FamilySpecs;

/// <summary>The table of models/families/README.md.</summary>
internal static partial class ParameterTable
{
    /// <summary>Its rows, by the spec's file.</summary>
    public static IReadOnlyDictionary<string, ParameterRow> Read(string page) => page.Split('\n')
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Where(cells => cells.Length > 7 && Link().IsMatch(cells[2]))
        .ToDictionary(cells => Link().Match(cells[2]).Groups[1].Value, cells => new ParameterRow(Whole(cells[4]), cells[5], cells[6]));

    /// <summary>1,234 as a number.</summary>
    public static long Whole(string text) => long.Parse(text, NumberStyles.AllowThousands | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\]\((.+\.model\.yaml)\)")]
    private static partial Regex Link();
}

/// <summary>A row: our count, the published one, and what lies between them.</summary>
internal sealed record ParameterRow(long Ours, string Published, string Difference)
{
    /// <summary>Whether the two counts stand as the row says.</summary>
    public bool Holds => Difference switch
    {
        "rounded" => Math.Abs(Ours - Rounded.Number) <= Rounded.LastDigit / 2,
        _ when Difference.StartsWith("within ", StringComparison.Ordinal) =>
            Math.Abs(Ours - Rounded.Number) <= Rounded.Number * double.Parse(Difference[7..^2], CultureInfo.InvariantCulture) / 100,
        _ => ParameterTable.Whole(Published) - Ours == ParameterTable.Whole(Difference),
    };

    // 20.91 B is a number of which the last digit counts ten millions.
    private (double Number, double LastDigit) Rounded
    {
        get
        {
            string[] parts = Published.Split(' ');
            double unit = parts[1] == "B" ? 1e9 : 1e6;
            int decimals = parts[0].Contains('.') ? parts[0].Length - parts[0].IndexOf('.') - 1 : 0;
            return (double.Parse(parts[0], CultureInfo.InvariantCulture) * unit, unit / Math.Pow(10, decimals));
        }
    }
}
