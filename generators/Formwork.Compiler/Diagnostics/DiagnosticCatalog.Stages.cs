namespace Formwork.Compiler.Diagnostics;

/// <content>03xx to 09xx: what later stages find.</content>
public static partial class DiagnosticCatalog
{
    /// <summary>Details: the parameter, the layout's name.</summary>
    public static DiagnosticKind LayoutLacksParameter { get; } = Error(402, "The weight layout lacks a parameter",
        "The model has the parameter `{0}`, for which the layout `{1}` has no tensor; choose another layout, or write one under `weights` that has it");

    /// <summary>Details: the stage, what happened.</summary>
    public static DiagnosticKind InternalError { get; } = Error(901, "The compiler failed",
        "Formwork failed in {0}: {1}. This is a fault of the compiler, not of the spec; please report it with the spec");
}
