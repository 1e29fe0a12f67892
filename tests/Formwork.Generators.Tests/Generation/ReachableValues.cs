using System.Collections;
using System.Reflection;
using Formwork.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Formwork.Generators.Tests.Generation;

/// <summary>Walks everything that a step's outputs reach: a compilation or a syntax node there would be kept alive, and never be equal.</summary>
internal static class ReachableValues
{
    private static readonly Type[] s_forbidden =
        [typeof(Compilation), typeof(ISymbol), typeof(SyntaxNode), typeof(SyntaxTree), typeof(Location), typeof(Diagnostic), typeof(AdditionalText), typeof(SourceText)];

    public static void HoldNothingOfRoslyns(GeneratorRunResult result)
    {
        foreach (string step in StepNames.All)
        {
            foreach ((object value, _) in result.TrackedSteps[step].SelectMany(run => run.Outputs))
                Visit(value, step, new HashSet<object>(ReferenceEqualityComparer.Instance));
        }
    }

    private static void Visit(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string || value.GetType() is { IsPrimitive: true } or { IsEnum: true } || (!value.GetType().IsValueType && !seen.Add(value)))
            return;
        Type type = value.GetType();
        Assert.False(s_forbidden.Any(forbidden => forbidden.IsAssignableFrom(type)), $"{path} reaches a {type}");
        if (value is IEnumerable items)
        {
            foreach (object? item in items)
                Visit(item, $"{path}[]", seen);
        }

        for (Type? at = type; at is not null && at != typeof(object); at = at.BaseType)
        {
            foreach (FieldInfo field in at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (!field.FieldType.IsPointer && !field.FieldType.IsPrimitive)
                    Visit(field.GetValue(value), $"{path}.{field.Name}", seen);
            }
        }
    }
}
