namespace Formwork.Runtime.Tokenization;

/// <summary>
/// A text of which others wrote a part, such as a rendered chat template with its users' messages. In the parts of others, the written form of a
/// special token is plain text, also where it would be completed by what stands beside it.
/// </summary>
public sealed class MarkedText
{
    private readonly bool[] _foreign;

    /// <summary>Makes a text with the marks of its characters.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="foreign">For each character of it, whether somebody else wrote it.</param>
    /// <exception cref="ArgumentException">There are more or fewer marks than characters.</exception>
    public MarkedText(string text, ReadOnlySpan<bool> foreign)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (foreign.Length != text.Length)
            throw new ArgumentException($"{foreign.Length} marks for {text.Length} characters.", nameof(foreign));
        Text = text;
        _foreign = foreign.ToArray();
    }

    private MarkedText(string text, bool[] foreign) => (Text, _foreign) = (text, foreign);

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>Whether somebody else wrote any of these characters.</summary>
    public bool IsForeign(int offset, int length) => _foreign.AsSpan(offset, length).Contains(true);

    /// <summary>The same marks on a text of the same length.</summary>
    internal MarkedText With(string text) => new(text, _foreign);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
