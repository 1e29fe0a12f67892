namespace Formwork.Compiler.Diagnostics;

/// <content>01xx: unknown, missing and idle keys.</content>
public static partial class DiagnosticCatalog
{
    /// <summary>Details: the key's path, the section, the remedy.</summary>
    public static DiagnosticKind UnknownKey { get; } = Error(101, "A key is not known",
        "`{0}` is not a key of {1}; {2}");

    /// <summary>Details: the key's path, what values it takes.</summary>
    public static DiagnosticKind MissingKey { get; } = Error(102, "A key is missing",
        "`{0}` is missing; expected {1}");

    /// <summary>Details: the key's path, beside what it has none, the remedy.</summary>
    public static DiagnosticKind KeyWithoutMeaning { get; } = Error(103, "A key has no meaning here",
        "`{0}` has no meaning {1}; {2}");
}
