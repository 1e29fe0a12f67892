namespace Formwork.Runtime.Chat.Jinja;

/// <summary>Goes through the pieces of a template.</summary>
internal sealed class JinjaReader(IReadOnlyList<JinjaToken> tokens)
{
    private int _at;

    public JinjaToken Current => tokens[_at];

    public JinjaToken Following => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public JinjaToken Take() => tokens[_at < tokens.Count - 1 ? _at++ : _at];

    /// <summary>Goes on if a sign or word stands here.</summary>
    public bool TryTake(string text)
    {
        if (!Current.Is(text))
            return false;
        Take();
        return true;
    }

    public JinjaToken Require(string text) => Current.Is(text) ? Take() : throw Wrong($"'{text}'");

    public JinjaToken Require(JinjaTokenKind kind, string expected) => Current.Kind == kind ? Take() : throw Wrong(expected);

    public JinjaException Wrong(string expected) => new(Current.Position, Current.Found, expected);
}
