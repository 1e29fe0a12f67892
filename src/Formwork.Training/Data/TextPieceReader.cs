using System.Text;
using System.Text.Unicode;
using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>Reads a text file (gzip's where the name ends in <c>.gz</c>) piece by piece, and checks that it is UTF-8. A byte-order mark is dropped.</summary>
internal sealed class TextPieceReader : IDisposable
{
    private const int FirstBuffer = 1 << 16;

    private readonly string _path;
    private readonly int _longest;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[FirstBuffer];
    private int _begin;
    private int _end;
    private bool _exhausted;

    /// <param name="path">The file.</param>
    /// <param name="longest">The most bytes of a piece.</param>
    /// <exception cref="InvalidInputException">The file cannot be read.</exception>
    public TextPieceReader(string path, int longest)
    {
        (_path, _longest) = (path, longest);
        _stream = Try(() =>
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new WholeGzipStream(file) : (Stream)file;
        });
        try
        {
            while (_end < 3 && Fill())
            {
            }
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
        if (_buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
            _begin = 3;
    }

    /// <summary>Number of the line that the next piece belongs to, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>The next piece: the rest of a line up to and with its <c>\n</c>, or as much of it as a piece may have; null at the end.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read on, or the piece is no UTF-8.</exception>
    public string? Next()
    {
        int searched = 0;
        while (true)
        {
            int found = _buffer.AsSpan(_begin + searched, _end - _begin - searched).IndexOf((byte)'\n');
            if (found >= 0 && searched + found < _longest)
                return Take(searched + found + 1);
            searched = _end - _begin;
            if (searched >= _longest)
                return Take(WholeCharacters(_longest));
            if (!Fill())
                return searched == 0 ? null : Take(searched);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private string Take(int length)
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_begin, length);
        if (!Utf8.IsValid(bytes))
            throw new InvalidInputException(_path, $"line {Line}", "bytes that are no UTF-8", "text in UTF-8", "Convert the file, or unpack it.");
        if (bytes[^1] == '\n')
            Line++;
        _begin += length;
        return Encoding.UTF8.GetString(bytes);
    }

    // A piece that is cut must not end inside a character: its last bytes, if they begin one, belong to the next piece.
    private int WholeCharacters(int length)
    {
        for (int back = 1; back <= 3; back++)
        {
            byte value = _buffer[_begin + length - back];
            if ((value & 0xC0) != 0x80)
                return value >= 0xC0 ? length - back : length;
        }
        return length;
    }

    private bool Fill()
    {
        if (_exhausted)
            return false;
        if (_begin > 0)
        {
            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            (_begin, _end) = (0, _end - _begin);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, checked(_buffer.Length * 2));
        int read = Try(() => _stream.Read(_buffer, _end, _buffer.Length - _end));
        _end += read;
        _exhausted = read == 0;
        return read > 0;
    }

    private T Try<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidInputException(_path, null, "no such file", "a text file", "Check the path.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or InvalidDataException)
        {
            throw new InvalidInputException(_path, _end == 0 && Line == 1 ? null : $"line {Line}", $"a file that cannot be read ({error.Message})",
                "a whole text file", "Fetch the file again, and check that you may read it.", error);
        }
    }
}
