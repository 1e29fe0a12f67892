namespace Formwork.Compiler.Tests.Spec;

/// <summary>The table of broken specs.</summary>
internal static partial class BrokenSpecs
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<BrokenSpec> All { get; } = [.. Files(), .. Keys(), .. Values(), .. Rules(), .. Layouts()];

    private static string With(params string[] entries) => GoodSpec.With(entries);
}
