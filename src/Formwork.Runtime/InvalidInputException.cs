namespace Formwork.Runtime;

/// <summary>
/// Something the user gave (weights, a tokenizer file, a prompt, an option) cannot be used. The message names the file, the place in it,
/// what was found, what was expected and the remedy.
/// </summary>
public sealed class InvalidInputException : Exception
{
    /// <summary>Makes the message <c>file: place: found …; expected …. remedy</c> from its parts.</summary>
    /// <param name="source">The file's path, or the name of the option or argument.</param>
    /// <param name="place">Where in it: a tensor's name, a byte offset, a line; null for the whole.</param>
    /// <param name="found">What is there.</param>
    /// <param name="expected">What should be there.</param>
    /// <param name="remedy">A sentence that says what to do.</param>
    /// <param name="inner">The cause, if another exception told it.</param>
    public InvalidInputException(string source, string? place, string found, string expected, string remedy, Exception? inner = null)
        : base($"{source}: {(place is null ? "" : place + ": ")}found {found}; expected {expected}. {remedy}", inner)
    {
        InputSource = source;
        Place = place;
        Found = found;
        Expected = expected;
        Remedy = remedy;
    }

    /// <summary>The file's path, or the name of the option or argument.</summary>
    public string InputSource { get; }

    /// <summary>Where in it; null for the whole.</summary>
    public string? Place { get; }

    /// <summary>What is there.</summary>
    public string Found { get; }

    /// <summary>What should be there.</summary>
    public string Expected { get; }

    /// <summary>What to do.</summary>
    public string Remedy { get; }
}
