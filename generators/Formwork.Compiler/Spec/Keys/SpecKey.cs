namespace Formwork.Compiler.Spec.Keys;

/// <summary>A key of a section: a row of <see cref="SpecKeys"/>.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Value">What values it takes.</param>
/// <param name="Description">What it means, in a sentence that editors show.</param>
internal sealed record SpecKey(string Name, ValueKind Value, string Description)
{
    /// <summary>Whether it must be written: in its section, or in one that the section overrides.</summary>
    public bool Required { get; init; }

    /// <summary>What it is when not written, as people write it; null when that goes without saying.</summary>
    public string? Default { get; init; }

    /// <summary>The value of another key of the section without which this key means nothing; null when it always means something.</summary>
    public Condition? When { get; init; }
}

/// <summary>That a key has one of some values, as a spec writes them.</summary>
internal sealed record Condition(string Key, params string[] Values);
