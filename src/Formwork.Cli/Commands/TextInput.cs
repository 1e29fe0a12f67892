using Formwork.Cli.Output;
using Formwork.Runtime;

namespace Formwork.Cli.Commands;

/// <summary>A text given as an argument or on standard input.</summary>
internal static class TextInput
{
    /// <summary>The argument itself, or, where it is missing or <c>-</c>, all of standard input without its last line end.</summary>
    /// <exception cref="InvalidInputException">Standard input is not UTF-8.</exception>
    public static string Read(string? argument, Terminal terminal, CancellationToken cancellation)
    {
        if (argument is not null and not "-")
            return argument;
        if (!Console.IsInputRedirected)
            terminal.Say("formwork: reading the text from the keyboard; Ctrl-D on a line of its own ends it");
        // Reading cannot be cancelled, waiting for it can.
        return WithoutLineEnd(Task.Run(ReadAll, cancellation).WaitAsync(cancellation).GetAwaiter().GetResult());
    }

    private static string ReadAll()
    {
        var utf8 = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        using var reader = new StreamReader(Console.OpenStandardInput(), utf8);
        try
        {
            return reader.ReadToEnd();
        }
        catch (System.Text.DecoderFallbackException exception)
        {
            throw new InvalidInputException("standard input", null, "bytes that are not UTF-8", "UTF-8 text", "Convert it.", exception);
        }
    }

    // echo and files end a line that the text does not mean.
    private static string WithoutLineEnd(string text) => text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
}
