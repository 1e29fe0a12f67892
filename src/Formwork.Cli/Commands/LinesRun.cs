using System.Diagnostics;
using System.Globalization;
using Formwork.Runtime;

namespace Formwork.Cli.Commands;

/// <summary>
/// <c>formwork run --lines</c>: standard input, a line a text, and for each a line of standard output, in order. Lines go through the model in batches of
/// those that have come already, so that a person or a program that waits for an answer gets it, and a long file is read side by side.
/// </summary>
/// <param name="request">What was asked for.</param>
/// <param name="answer">The result of each of several texts, none of them empty.</param>
/// <param name="seed">The seed that was drawn or given; null where no number is drawn.</param>
internal sealed class LinesRun(RunRequest request, Func<IReadOnlyList<InputLine>, IReadOnlyList<string>> answer, int? seed = null)
{
    private long _written;

    /// <summary>Answers line after line until the input ends.</summary>
    /// <param name="batch">The most lines at a time.</param>
    /// <exception cref="InvalidInputException">A line cannot be used; the message has its number, and the lines before it were answered.</exception>
    public void Run(int batch)
    {
        if (!Console.IsInputRedirected)
            request.Terminal.Say("formwork: reading lines from the keyboard; Ctrl-D ends");
        long start = Stopwatch.GetTimestamp();
        var input = new InputLines(Console.OpenStandardInput());
        try
        {
            while (input.Next(batch, request.Cancellation) is { Count: > 0 } lines)
                Answer(lines);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: the lines that were written stand.
        }
        request.Terminal.Say(string.Create(CultureInfo.InvariantCulture,
            $"formwork: {_written} lines in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s{(request.Cancellation.IsCancellationRequested ? " (interrupted)" : "")}{(seed is { } number ? $"; seed {number}" : "")}"));
    }

    private void Answer(IReadOnlyList<InputLine> lines)
    {
        request.Cancellation.ThrowIfCancellationRequested();
        IReadOnlyList<string> results;
        try
        {
            results = Results(lines);
        }
        catch (InvalidInputException) when (lines.Count > 1)
        {
            // One by one, so that the lines before the bad one are answered and its number is known.
            foreach (InputLine line in lines)
                Answer([line]);
            return;
        }
        catch (InvalidInputException exception)
        {
            string place = exception.Place is null ? exception.InputSource : $"{exception.InputSource}: {exception.Place}";
            throw new InvalidInputException("standard input", $"line {lines[0].Number}: {place}", exception.Found, exception.Expected, exception.Remedy, exception);
        }
        request.Terminal.Write(string.Concat(results.Select(result => OneLine.Of(result) + "\n")));
        _written += results.Count;
    }

    // No text, no result: an empty line keeps its place, and the model is not asked.
    private string[] Results(IReadOnlyList<InputLine> lines)
    {
        InputLine[] texts = [.. lines.Where(line => line.Text.Length > 0)];
        using IEnumerator<string> found = (texts.Length == 0 ? [] : answer(texts)).GetEnumerator();
        return [.. lines.Select(line => line.Text.Length > 0 && found.MoveNext() ? found.Current : "")];
    }
}
