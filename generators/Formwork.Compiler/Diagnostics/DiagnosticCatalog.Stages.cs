namespace Formwork.Compiler.Diagnostics;

/// <content>03xx to 09xx: what later stages find.</content>
public static partial class DiagnosticCatalog
{
    /// <summary>Details: the parameter, the layout's name.</summary>
    public static DiagnosticKind LayoutLacksParameter { get; } = Error(402, "The weight layout lacks a parameter",
        "The model has the parameter `{0}`, for which the layout `{1}` has no tensor; choose another layout, or write one under `weights` that has it");

    /// <summary>Details: the layer, the layout's pairing, the spec's.</summary>
    public static DiagnosticKind NormInOtherPairing { get; } = Error(403, "Queries and keys are normed in another pairing than they are rotated in",
        "Layer {0} norms queries and keys, which the layout `{1}` stores in the pairing {2}, and rotates them in the pairing {3}; the norm's gains cannot be told apart then: write `positions: {{pairing: {2}}}`");

    /// <summary>Details: the stage, what happened.</summary>
    public static DiagnosticKind InternalError { get; } = Error(901, "The compiler failed",
        "Formwork failed in {0}: {1}. This is a fault of the compiler, not of the spec; please report it with the spec");
}
