using System.Globalization;
using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec.Keys;

/// <summary>
/// A kind of value that a key can have: how it is read, how people are told what is expected, and how a JSON Schema says it.
/// The three stand in one class, so that parser, messages and schema cannot differ.
/// </summary>
internal abstract class ValueKind
{
    /// <summary>What is expected, to stand after that word: <c>a whole number from 1 to 4,096</c>.</summary>
    public abstract string Expectation { get; }

    /// <summary>Whether a node has this kind's form, whatever its value: what chooses between alternatives.</summary>
    public abstract bool HasForm(YamlNode node);

    /// <summary>The JSON Schema of the values.</summary>
    public abstract JsonObject Schema();

    /// <summary>A value as a spec writes it.</summary>
    public virtual string Write(object data) => Convert.ToString(data, CultureInfo.InvariantCulture);

    /// <summary>Reads a node of this kind's form; null when its value is wrong, after reporting it.</summary>
    protected abstract object? ReadValue(YamlNode node, string path, SpecReading reading);

    /// <summary>Reads a node, and reports what is wrong with it.</summary>
    public SpecValue Read(YamlNode node, string path, SpecReading reading)
    {
        reading.Source.Add(path, node.Span);
        if (node is YamlUnreadable)
            return new SpecValue(null, path, node.Span);
        if (HasForm(node))
            return new SpecValue(ReadValue(node, path, reading), path, node.Span);
        reading.WrongType(node, path, this);
        return new SpecValue(null, path, node.Span);
    }
}
