namespace Formwork.Compiler.Spec.Keys;

/// <summary>The values of an enumeration, as a spec writes them.</summary>
internal sealed class Choices(params Choice[] rows)
{
    /// <summary>One row a value.</summary>
    public IReadOnlyList<Choice> Rows => rows;

    /// <summary>The row of a name; null when there is none.</summary>
    public Choice? Find(string name) => rows.FirstOrDefault(row => row.Name == name);

    /// <summary>The name of a value.</summary>
    public string Name(Enum value) => rows.First(row => row.Value.Equals(value)).Name;
}

/// <summary>A value of an enumeration. Not generic: a generator runs cold in every build, and each generic kind of row would be compiled anew.</summary>
/// <param name="Name">Its name in a spec.</param>
/// <param name="Value">Itself.</param>
/// <param name="Description">What it means.</param>
internal sealed record Choice(string Name, Enum Value, string Description);
