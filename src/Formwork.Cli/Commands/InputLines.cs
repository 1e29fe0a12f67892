using System.Text;
using Formwork.Runtime;

namespace Formwork.Cli.Commands;

/// <summary>A line of the input.</summary>
/// <param name="Number">Its number, the first one's is 1.</param>
/// <param name="Text">Its text without the line end.</param>
internal readonly record struct InputLine(long Number, string Text);

/// <summary>
/// Lines of a stream, as many at a time as have come. Each is decoded by itself, so that one that is no text takes nothing of those before it along.
/// A line ends with <c>\n</c> or <c>\r\n</c>, as other tools count them.
/// </summary>
internal sealed class InputLines(Stream input)
{
    private const int FirstCapacity = 1 << 16, MostBytes = 1 << 24;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private byte[] _buffer = new byte[FirstCapacity];
    private int _start, _searched, _end;
    private bool _ended;
    private long _taken;

    /// <summary>Waits for a line, and takes with it those that have come too; none at the end.</summary>
    /// <param name="most">The most lines to take.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="InvalidInputException">The next line is not UTF-8, or is endless; lines before it were given.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<InputLine> Next(int most, CancellationToken cancellation)
    {
        var lines = new List<InputLine>();
        while (!HasLine())
        {
            if (_ended)
                return lines;
            Read(cancellation);
        }
        try
        {
            do
                lines.Add(Take());
            while (lines.Count < most && HasLine());
        }
        catch (InvalidInputException) when (lines.Count > 0)
        {
            // It is still there, and is told when its turn comes.
        }
        return lines;
    }

    // A text's last line may lack its end.
    private bool HasLine()
    {
        if (_searched < _end)
        {
            int found = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            _searched = found < 0 ? _end : _searched + found;
        }
        return _searched < _end || (_ended && _start < _end);
    }

    private InputLine Take()
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start.._searched);
        if (bytes is [.., (byte)'\r'])
            bytes = bytes[..^1];
        if (_taken == 0 && bytes.StartsWith("\uFEFF"u8))
            bytes = bytes["\uFEFF"u8.Length..];
        string text;
        try
        {
            text = StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw Bad($"bytes that are not UTF-8, at byte {exception.Index}", "UTF-8 text", "Convert it.", exception);
        }
        _start = _searched = Math.Min(_searched + 1, _end);
        return new InputLine(++_taken, text);
    }

    private void Read(CancellationToken cancellation)
    {
        if (_end == _buffer.Length)
            MakeRoom();
        // Reading cannot be cancelled, waiting for it can.
        int read = Task.Run(() => input.Read(_buffer, _end, _buffer.Length - _end), cancellation).WaitAsync(cancellation).GetAwaiter().GetResult();
        _end += read;
        _ended = read == 0;
    }

    private void MakeRoom()
    {
        int held = _end - _start;
        if (held >= MostBytes)
            throw Bad($"more than {MostBytes:N0} bytes without a line end", "lines", "Split the text into lines; no model reads one as long.", null);
        byte[] roomy = held > _buffer.Length / 2 ? new byte[2 * _buffer.Length] : _buffer;
        _buffer.AsSpan(_start, held).CopyTo(roomy);
        (_buffer, _searched, _start, _end) = (roomy, _searched - _start, 0, held);
    }

    private InvalidInputException Bad(string found, string expected, string remedy, Exception? inner) =>
        new("standard input", $"line {_taken + 1}", found, expected, remedy, inner);
}
