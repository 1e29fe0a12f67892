using System.Text.RegularExpressions;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Patterns from files: what .NET cannot read, or cannot match in time, is the file's fault.</summary>
internal static class GuardedRegex
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public static Regex Make(JsonValue pattern)
    {
        try
        {
            return new Regex(pattern.Text(), RegexOptions.CultureInvariant, Longest);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidInputException(pattern.File.Path, pattern.Place, $"the pattern {PlainText.Quoted(pattern.Text())}", "a regular expression that .NET reads",
                exception.Message, exception);
        }
    }

    /// <summary>Runs one step of <paramref name="pattern"/>.</summary>
    public static T Run<T>(Regex pattern, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new InvalidInputException("tokenizer", "pattern", PlainText.Quoted(pattern.ToString()), "a pattern that matches in linear time",
                "Use a tokenizer with a simpler pattern, or a shorter text.", exception);
        }
    }
}
