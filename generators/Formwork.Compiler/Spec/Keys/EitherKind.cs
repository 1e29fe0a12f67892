using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec.Keys;

/// <summary>A value of the first kind whose form it has: <c>layers</c> is a number or a list. Read as that kind reads it.</summary>
internal sealed class EitherKind(params ValueKind[] kinds) : ValueKind
{
    public override string Expectation => string.Join(", or ", kinds.Select(kind => kind.Expectation));

    /// <summary>The alternative that is a section; null when none is.</summary>
    public SectionKind? Section { get; } = kinds.OfType<SectionKind>().FirstOrDefault();

    public override bool HasForm(YamlNode node) => kinds.Any(kind => kind.HasForm(node));

    public override JsonObject Schema() => new() { { "anyOf", kinds.Select(kind => (object)kind.Schema()) } };

    protected override object? ReadValue(YamlNode node, string path, SpecReading reading) =>
        kinds.First(kind => kind.HasForm(node)).Read(node, path, reading).Data;
}
