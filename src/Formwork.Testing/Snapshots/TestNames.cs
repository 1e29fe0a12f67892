using System.Globalization;

namespace Formwork.Testing.Snapshots;

/// <summary>The parts of a snapshot's file name.</summary>
internal static class TestNames
{
    private const string Invalid = "\"\\<>|\u0000:*?/";

    /// <summary>A class's name; a nested one's as <c>Outer.Inner</c>.</summary>
    public static string Of(Type type)
    {
        string name = type.Name.Split('`')[0];
        return type.DeclaringType is Type outer ? $"{Of(outer)}.{name}" : name;
    }

    /// <summary><c>_{parameter}={value}</c> for each.</summary>
    public static string Parameters(RunningTest test, IReadOnlyList<object?> values)
    {
        if (values.Count == 0)
            return "";
        string?[] names = test.Method?.GetParameters().Select(parameter => parameter.Name).ToArray() ?? [];
        if (names.Length < values.Count)
            throw new ArgumentException($"{test.TypeName}.{test.MethodName} has {names.Length} parameters and {values.Count} values were given for them.", nameof(values));
        return string.Concat(values.Select((value, index) => $"_{names[index]}={Clean(value)}"));
    }

    private static string Clean(object? value)
    {
        string text = value is null ? "null" : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return string.Concat(text.Select(character => Invalid.Contains(character) || char.IsControl(character) ? '-' : character));
    }
}
