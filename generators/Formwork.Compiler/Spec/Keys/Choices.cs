namespace Formwork.Compiler.Spec.Keys;

/// <summary>The values of an enumeration, as a spec writes them.</summary>
internal sealed class Choices<T>(params (string Name, T Value, string Description)[] rows)
    where T : struct, Enum
{
    /// <summary>One row a value: its name in a spec, itself, and what it means.</summary>
    public IReadOnlyList<(string Name, T Value, string Description)> Rows => rows;

    /// <summary>The value of a name; null when there is none.</summary>
    public T? Find(string name)
    {
        foreach ((string rowName, T value, _) in rows)
        {
            if (rowName == name)
                return value;
        }
        return null;
    }

    /// <summary>The name of a value.</summary>
    public string Name(T value) => rows.First(row => EqualityComparer<T>.Default.Equals(row.Value, value)).Name;
}
