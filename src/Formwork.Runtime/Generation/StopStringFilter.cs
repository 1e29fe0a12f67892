namespace Formwork.Runtime.Generation;

/// <summary>
/// Lets a stream of text through until a stop string is complete in it. Text that may be the beginning of one is held back. The result does
/// not depend on how the text is cut into pieces.
/// </summary>
internal sealed class StopStringFilter(IReadOnlyList<string> stopStrings)
{
    private string _held = "";

    /// <summary>Whether a stop string was found; nothing passes after it.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Takes more text and gives what is now certain to stand before any stop string.</summary>
    public string Append(string text)
    {
        if (Stopped)
            return "";
        if (stopStrings.Count == 0)
            return text;
        _held += text;
        if (FirstMatch(_held) is { } start)
        {
            Stopped = true;
            return Take(start);
        }
        return Take(_held.Length - HeldLength(_held));
    }

    /// <summary>The rest, at the end of the text.</summary>
    public string Finish() => Stopped ? "" : Take(_held.Length);

    private string Take(int length)
    {
        var taken = _held[..length];
        _held = _held[length..];
        return taken;
    }

    // Where the match begins that is complete first; of those complete at once, the longest.
    private int? FirstMatch(string text)
    {
        int? first = null;
        var firstEnd = int.MaxValue;
        foreach (var stop in stopStrings)
        {
            var start = text.IndexOf(stop, StringComparison.Ordinal);
            if (start < 0 || (start + stop.Length, start).CompareTo((firstEnd, first ?? int.MaxValue)) >= 0)
                continue;
            (first, firstEnd) = (start, start + stop.Length);
        }
        return first;
    }

    // The length of the longest end of the text that is the beginning of a stop string.
    private int HeldLength(string text)
    {
        var longest = 0;
        foreach (var stop in stopStrings)
        {
            for (var length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                    longest = length;
            }
        }
        return longest;
    }
}
