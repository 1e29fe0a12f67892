namespace Formwork.Runtime.Chat.Jinja;

/// <summary>A piece of a template: text, the beginning or end of a tag, or a word inside one.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; of a string, without quotes and escapes.</param>
/// <param name="Position">Where it begins in the template.</param>
internal readonly record struct JinjaToken(JinjaTokenKind Kind, string Text, int Position)
{
    public bool Is(string text) => Kind is JinjaTokenKind.Operator or JinjaTokenKind.Name && Text == text;

    /// <summary>What stands here, for a message.</summary>
    public string Found => Kind switch
    {
        JinjaTokenKind.End => "the template's end",
        JinjaTokenKind.BlockEnd => "'%}'",
        JinjaTokenKind.OutputEnd => "'}}'",
        JinjaTokenKind.String => "a text",
        _ => $"'{Text}'",
    };
}
