namespace Formwork.Runtime.Chat.Jinja;

/// <summary>Something in a template is wrong, at a place in its text; told to the user with line and column.</summary>
/// <param name="position">Where in the template's text.</param>
/// <param name="found">What is there.</param>
/// <param name="expected">What should be there.</param>
internal sealed class JinjaException(int position, string found, string expected) : Exception($"found {found}; expected {expected}")
{
    public int Position => position;

    public string Found => found;

    public string Expected => expected;

    /// <summary>What the template itself says through <c>raise_exception</c>; null when it did not.</summary>
    public string? Refusal { get; init; }
}
