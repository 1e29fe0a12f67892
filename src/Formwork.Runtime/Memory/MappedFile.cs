using System.IO.MemoryMappedFiles;

namespace Formwork.Runtime.Memory;

/// <summary>
/// A file as read-only memory: pages come from the system's file cache as they are touched, and several processes share them. The file
/// must not shrink while it is mapped. Reading and disposing at the same time is the caller's mistake.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _pointer;
    private bool _disposed;

    /// <summary>Maps the file at <paramref name="path"/>; <paramref name="expected"/> is what the message says it should have been.</summary>
    /// <exception cref="InvalidInputException">There is no such file, or it cannot be read.</exception>
    public MappedFile(string path, string expected)
    {
        Path = path;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            Length = stream.Length;
            // An empty file cannot be mapped; it has nothing to read either.
            if (Length == 0)
                return;
            _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _pointer);
            _pointer += _view.PointerOffset;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            Dispose();
            bool missing = error is FileNotFoundException or DirectoryNotFoundException;
            throw new InvalidInputException(path, null, missing ? "no such file" : $"a file that cannot be read ({error.Message})", expected,
                missing ? "Check the path." : "Check that it is a file and that you may read it.", error);
        }
    }

    /// <summary>The path as given.</summary>
    public string Path { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>The first byte; null for an empty file.</summary>
    /// <exception cref="ObjectDisposedException">The file is no longer mapped.</exception>
    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(MappedFile));
            return _pointer;
        }
    }

    /// <summary>A view of <paramref name="length"/> bytes from <paramref name="start"/>.</summary>
    /// <exception cref="ObjectDisposedException">The file is no longer mapped.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the file.</exception>
    public ReadOnlySpan<byte> Bytes(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length - length);
        return new ReadOnlySpan<byte>(Pointer + start, length);
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (_pointer is not null)
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        _pointer = null;
        _view?.Dispose();
        _file?.Dispose();
    }
}
