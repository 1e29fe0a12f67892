using System.Collections.Immutable;
using Formwork.Compiler.Text;

namespace Formwork.Generators;

/// <summary>The names of a project's models.</summary>
internal static class ModelNames
{
    /// <summary>Roslyn compares names of generated files without case, so <c>Gpt2</c> and <c>GPT2</c> cannot stand side by side.</summary>
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    /// <summary>The names that occur more than once.</summary>
    public static EquatableArray<string> Repeated(ImmutableArray<string> names) =>
        names.GroupBy(name => name, Comparer).Where(group => group.Count() > 1).Select(group => group.Key).ToEquatableArray();
}
