using System.Globalization;

namespace Formwork.Compiler.CSharp;

/// <summary>Values as C# source, in the invariant culture and exact.</summary>
public static class CSharpLiteral
{
    /// <summary>A float32 literal that reads back as the nearest float.</summary>
    public static string Float(double value) => ((float)value).ToString("R", CultureInfo.InvariantCulture) + "f";

    /// <summary>A float64 literal that reads back as the same number.</summary>
    public static string Double(double value)
    {
        string digits = value.ToString("R", CultureInfo.InvariantCulture);
        return digits + "d";
    }

    /// <summary>A truth value.</summary>
    public static string Boolean(bool value) => value ? "true" : "false";

    /// <summary>A string literal.</summary>
    public static string String(string? value) =>
        value is null ? "null" : "\"" + value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\0", "\\0") + "\"";

    /// <summary>A whole number with its thousands apart, for comments.</summary>
    public static string Grouped(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
