using System.Text;
using Formwork.Cli.Output;
using Formwork.Runtime;

namespace Formwork.Cli.Commands;

/// <summary>The person's lines, from the keyboard with a sign that it is their turn, or from a pipe.</summary>
internal sealed class ChatLines(Terminal terminal) : IDisposable
{
    private readonly StreamReader _reader = new(Console.OpenStandardInput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);

    /// <summary>The next line without white space at its ends; null when there are no more.</summary>
    /// <exception cref="InvalidInputException">It is not UTF-8.</exception>
    /// <exception cref="OperationCanceledException">The person wants to leave.</exception>
    public string? Next(CancellationToken cancellation)
    {
        if (!Console.IsInputRedirected && !terminal.Quiet)
            Console.Error.Write("> ");
        try
        {
            // Reading cannot be cancelled, waiting for it can.
            return Task.Run(_reader.ReadLine, cancellation).WaitAsync(cancellation).GetAwaiter().GetResult()?.TrimStart('\uFEFF').Trim();
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidInputException("standard input", null, "bytes that are not UTF-8", "UTF-8 text", "Convert it.", exception);
        }
    }

    public void Dispose() => _reader.Dispose();
}
