using System.Globalization;
using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec.Keys;

/// <summary>A whole number in a range, both ends in it. Read as <see cref="int"/>.</summary>
internal sealed class IntegerKind(int minimum, int maximum) : ValueKind
{
    public override string Expectation =>
        string.Format(CultureInfo.InvariantCulture, "a whole number from {0:N0} to {1:N0}", minimum, maximum);

    public override bool HasForm(YamlNode node) => node is YamlScalar { Quoted: false } scalar && IsInteger(scalar.Text);

    public override JsonObject Schema() => new() { { "type", "integer" }, { "minimum", minimum }, { "maximum", maximum } };

    protected override object? ReadValue(YamlNode node, string path, SpecReading reading)
    {
        string text = ((YamlScalar)node).Text;
        // A number too long even for a long is out of range like any other.
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= minimum && value <= maximum)
            return (int)value;
        reading.Diagnostics.Report(DiagnosticCatalog.OutOfRange, node.Span, path, SpecReading.Shorten(text), Expectation);
        return null;
    }

    private static bool IsInteger(string text)
    {
        string digits = text.StartsWith("-", StringComparison.Ordinal) || text.StartsWith("+", StringComparison.Ordinal) ? text.Substring(1) : text;
        return digits.Length > 0 && digits.All(digit => digit is >= '0' and <= '9');
    }
}

/// <summary>A number in a range, both ends in it. Read as <see cref="double"/>.</summary>
internal sealed class NumberKind(double minimum, double maximum) : ValueKind
{
    public override string Expectation =>
        string.Format(CultureInfo.InvariantCulture, "a number from {0:R} to {1:R}", minimum, maximum);

    public override bool HasForm(YamlNode node) => node is YamlScalar { Quoted: false } scalar && IsNumber(scalar.Text);

    public override JsonObject Schema() => new() { { "type", "number" }, { "minimum", minimum }, { "maximum", maximum } };

    protected override object? ReadValue(YamlNode node, string path, SpecReading reading)
    {
        string text = ((YamlScalar)node).Text;
        // "1e999" is no double (or infinity, as frameworks go) and so out of range.
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= minimum && value <= maximum)
            return value;
        reading.Diagnostics.Report(DiagnosticCatalog.OutOfRange, node.Span, path, SpecReading.Shorten(text), Expectation);
        return null;
    }

    // Neither ".nan" and ".inf", nor "NaN" and "Infinity", which double.Parse takes.
    private static bool IsNumber(string text) =>
        text.Any(character => character is >= '0' and <= '9')
        && text.All(character => character is >= '0' and <= '9' or '.' or 'e' or 'E' or '+' or '-')
        && text[0] is not ('e' or 'E')
        && (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) || text.IndexOfAny(['e', 'E']) > 0);
}
