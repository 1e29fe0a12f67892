namespace Formwork.Runtime.Chat.Jinja;

/// <summary>Kinds of piece of a template.</summary>
internal enum JinjaTokenKind
{
    /// <summary>Text outside tags.</summary>
    Text,

    /// <summary><c>{%</c></summary>
    BlockBegin,

    /// <summary><c>%}</c></summary>
    BlockEnd,

    /// <summary><c>{{</c></summary>
    OutputBegin,

    /// <summary><c>}}</c></summary>
    OutputEnd,

    /// <summary>A word.</summary>
    Name,

    /// <summary>A quoted text.</summary>
    String,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a point or exponent.</summary>
    Float,

    /// <summary>A sign or two.</summary>
    Operator,

    /// <summary>The template's end.</summary>
    End,
}
