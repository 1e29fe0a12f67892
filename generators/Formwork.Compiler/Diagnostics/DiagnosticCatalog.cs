using System.Reflection;

namespace Formwork.Compiler.Diagnostics;

/// <summary>
/// Every kind of finding. Ids come in blocks by stage: 00xx file and YAML, 01xx keys, 02xx values, 03xx graph and gradients,
/// 04xx planning and limits, 05xx C#, 06xx PTX and device, 09xx the compiler's own faults. An id keeps its meaning for ever.
/// </summary>
public static partial class DiagnosticCatalog
{
    /// <summary>All kinds, in the order of ids.</summary>
    public static IReadOnlyList<DiagnosticKind> All => Everything.Kinds;

    private static DiagnosticKind Error(int number, string title, string messageFormat) =>
        new($"FWK{number:D4}", title, DiagnosticLevel.Error, messageFormat);

    // In a class of its own, so that it is made after the rows, in whatever order the compiler takes the partial files.
    private static class Everything
    {
        public static readonly DiagnosticKind[] Kinds = typeof(DiagnosticCatalog)
            .GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(DiagnosticKind))
            .Select(property => (DiagnosticKind)property.GetValue(null))
            .OrderBy(kind => kind.Id, StringComparer.Ordinal)
            .ToArray();
    }
}
