using Formwork.Compiler.Diagnostics;

namespace Formwork.Compiler.Spec.Yaml;

/// <summary>A piece of YAML with its place.</summary>
internal abstract record YamlNode(SourceSpan Span);

/// <summary>A single value. A quoted value is text, whatever it looks like.</summary>
internal sealed record YamlScalar(string Text, bool Quoted, SourceSpan Span) : YamlNode(Span)
{
    /// <summary>Whether nothing is written, or one of YAML's words for nothing.</summary>
    public bool IsNull => !Quoted && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list, <c>[1, 2]</c> or lines that start with a dash.</summary>
internal sealed record YamlSequence(IReadOnlyList<YamlNode> Items, SourceSpan Span) : YamlNode(Span);

/// <summary>Keys with values, each key once.</summary>
internal sealed record YamlMapping(IReadOnlyList<YamlEntry> Entries, SourceSpan Span) : YamlNode(Span);

/// <summary>A value that YAML allows and a spec does not (an alias). It has been reported; readers pass over it in silence.</summary>
internal sealed record YamlUnreadable(SourceSpan Span) : YamlNode(Span);

/// <summary>A key with its value.</summary>
internal sealed record YamlEntry(string Key, SourceSpan KeySpan, YamlNode Value)
{
    /// <summary>The value, at the place where people look for it: sections and lists run over many lines, and nothing has no place, so they are at their key.</summary>
    public YamlNode PlacedValue => Value is YamlScalar { IsNull: false } ? Value : Value with { Span = KeySpan };
}
