using System.Runtime.InteropServices;
using Formwork.Runtime;
using Formwork.Runtime.Weights;

namespace Formwork.Training.Data;

/// <summary>
/// Writes a token file as the ids come. It appears under its name only when it is whole: it is written beside it and moved by
/// <see cref="Complete"/>, over an older one if there is one; without that call nothing remains.
/// </summary>
public sealed class TokenFileWriter : ITokenSink, IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly string _path;
    private readonly string _temporary;
    private readonly int _vocabulary;
    private readonly int _idBytes;
    private readonly FileStream _stream;
    private readonly List<long> _starts = [0];
    private long _tokens;
    private bool _ended;

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file to make or to replace.</param>
    /// <param name="vocabulary">Every id is less than this.</param>
    /// <exception cref="InvalidInputException">No file can be made there.</exception>
    public TokenFileWriter(string path, int vocabulary)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        (_path, _temporary, _vocabulary) = (path, $"{path}.{Guid.NewGuid():N}.tmp", vocabulary);
        _idBytes = TokenFileHeader.Of(vocabulary, 0, 0).IdBytes;
        try
        {
            _stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InvalidInputException(path, null, $"a place where no file can be written ({error.Message})", "a folder that may be written",
                "Name another folder.", error);
        }
        _stream.Write(new byte[TokenFileHeader.Bytes]);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Add(ReadOnlySpan<int> ids)
    {
        TokenIds.Check(ids, _vocabulary, "token ids", _tokens);
        if (_idBytes == 4)
        {
            FileWriting.Write(_stream, MemoryMarshal.AsBytes(ids));
        }
        else
        {
            Span<ushort> narrow = stackalloc ushort[512];
            for (int done = 0; done < ids.Length; done += narrow.Length)
            {
                ReadOnlySpan<int> some = ids.Slice(done, Math.Min(narrow.Length, ids.Length - done));
                for (int index = 0; index < some.Length; index++)
                    narrow[index] = (ushort)some[index];
                FileWriting.Write(_stream, MemoryMarshal.AsBytes(narrow[..some.Length]));
            }
        }
        _tokens += ids.Length;
    }

    /// <inheritdoc/>
    public void EndSequence() => _starts.Add(_tokens);

    /// <summary>Ends the file and moves it to its name. Ids after the last <see cref="EndSequence"/> are a sequence too.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        if (_starts[^1] != _tokens)
            EndSequence();
        var header = TokenFileHeader.Of(_vocabulary, _starts.Count - 1, _tokens);
        Span<byte> bytes = stackalloc byte[TokenFileHeader.Bytes];
        bytes.Clear();
        FileWriting.Write(_stream, bytes[..(int)(header.StartsAt - _stream.Position)]);
        FileWriting.Write(_stream, MemoryMarshal.AsBytes<long>(CollectionsMarshal.AsSpan(_starts)));
        _stream.Position = 0;
        header.Write(bytes);
        FileWriting.Write(_stream, bytes);
        FileWriting.Do(() => _stream.Flush(flushToDisk: true));
        _stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        _ended = true;
    }

    /// <summary>Ends the writing; what was not completed is deleted.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        try
        {
            // A full disk refuses what the buffer still holds.
            _stream.Dispose();
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
        }
        File.Delete(_temporary);
    }
}
