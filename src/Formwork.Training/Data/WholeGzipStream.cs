using System.IO.Compression;

namespace Formwork.Training.Data;

/// <summary>
/// Unpacks gzip and notices a file that is cut off, which <see cref="GZipStream"/> takes for its end. Behind the file it reads one more gzip
/// member, whose content is a mark: only where the file's own members are whole does the mark come out at the end.
/// </summary>
internal sealed class WholeGzipStream : Stream
{
    private static readonly byte[] Mark = "the end, unpacked"u8.ToArray();

    private readonly GZipStream _unpacked;
    private readonly byte[] _held = new byte[1 << 16];
    private int _count;
    private bool _ended;

    /// <param name="file">The packed file; it is closed with this stream.</param>
    public WholeGzipStream(Stream file) => _unpacked = new GZipStream(new MarkedStream(file), CompressionMode.Decompress);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="InvalidDataException">The file is no gzip, or is cut off.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        while (_count <= Mark.Length && !_ended)
            Fill();
        int taken = Math.Min(count, _count - Mark.Length);
        _held.AsSpan(0, taken).CopyTo(buffer.AsSpan(offset, taken));
        _held.AsSpan(taken, _count - taken).CopyTo(_held);
        _count -= taken;
        return taken;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacked.Dispose();
        base.Dispose(disposing);
    }

    // The last bytes are held back until it is known whether they are the mark.
    private void Fill()
    {
        int read = _unpacked.Read(_held, _count, _held.Length - _count);
        _count += read;
        _ended = read == 0;
        if (_ended && !_held.AsSpan(0, _count).SequenceEqual(Mark))
            throw new InvalidDataException("It ends before it is unpacked.");
    }

    /// <summary>A file, and behind it the packed mark.</summary>
    private sealed class MarkedStream(Stream file) : Stream
    {
        private readonly MemoryStream _mark = new(Pack());

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = file.Read(buffer, offset, count);
            return read > 0 ? read : _mark.Read(buffer, offset, count);
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                file.Dispose();
            base.Dispose(disposing);
        }

        private static byte[] Pack()
        {
            using var bytes = new MemoryStream();
            using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
                gzip.Write(Mark);
            return bytes.ToArray();
        }
    }
}
