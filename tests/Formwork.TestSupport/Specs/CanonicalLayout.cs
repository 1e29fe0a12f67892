using Formwork.Compiler.Layouts;
using Formwork.Compiler.Text;

namespace Formwork.TestSupport.Specs;

/// <summary>The layout in which every tensor has its parameter's own name and order.</summary>
public static class CanonicalLayout
{
    /// <summary>The layout.</summary>
    public static WeightLayout Value { get; } = new("formwork", new[] { "" }.ToEquatableArray(), Entries().ToEquatableArray(), default);

    private static IEnumerable<LayoutEntry> Entries() => ParameterKinds.All.OrderBy(name => name, StringComparer.Ordinal)
        .Select(name => new LayoutEntry(name, name.Replace("layers.", "layers.{layer}."), false, null, null, default));
}
