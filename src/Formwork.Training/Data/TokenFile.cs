using System.Runtime.InteropServices;
using Formwork.Runtime;
using Formwork.Runtime.Memory;

namespace Formwork.Training.Data;

/// <summary>
/// A file of token ids, mapped into memory: pages are read as they are touched, and a window of a file of many gigabytes costs a window.
/// <see cref="TokenFileWriter"/> makes one. The file must not shrink while it is open. Reading from several threads is allowed.
/// </summary>
public sealed class TokenFile : ITokenSequences, IDisposable
{
    private const int LeastBlock = 1 << 16;

    private readonly MappedFile _file;
    private readonly TokenFileHeader _header;

    private TokenFile(MappedFile file, TokenFileHeader header) => (_file, _header) = (file, header);

    /// <summary>Opens a file and checks its header, its length and the starts of its sequences.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or is no whole token file.</exception>
    public static TokenFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new MappedFile(path, "a token file");
        try
        {
            var header = TokenFileHeader.Read(path, file.Bytes(0, (int)Math.Min(file.Length, TokenFileHeader.Bytes)), file.Length);
            var opened = new TokenFile(file, header);
            opened.CheckStarts();
            return opened;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The path as given.</summary>
    public string Path => _file.Path;

    /// <inheritdoc/>
    public int Count => _header.Sequences;

    /// <inheritdoc/>
    public long Tokens => _header.Tokens;

    /// <inheritdoc/>
    public int Vocabulary => _header.Vocabulary;

    /// <summary>Bytes that an id takes in the file: 2 or 4.</summary>
    public int IdBytes => _header.IdBytes;

    /// <inheritdoc/>
    public long Start(int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, Count);
        return MemoryMarshal.Read<long>(_file.Bytes(_header.StartsAt + 8L * sequence, 8));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidInputException">The file has an id there that is not of its vocabulary.</exception>
    public void Read(long start, Span<int> ids)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Tokens - ids.Length);
        // A span of bytes holds less than 2^31 of them.
        for (int done = 0; done < ids.Length; done += LeastBlock)
            ReadBlock(start + done, ids.Slice(done, Math.Min(LeastBlock, ids.Length - done)));
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose() => _file.Dispose();

    private void ReadBlock(long start, Span<int> ids)
    {
        ReadOnlySpan<byte> bytes = _file.Bytes(TokenFileHeader.Bytes + start * IdBytes, ids.Length * IdBytes);
        if (IdBytes == 4)
        {
            MemoryMarshal.Cast<byte, int>(bytes).CopyTo(ids);
        }
        else
        {
            ReadOnlySpan<ushort> narrow = MemoryMarshal.Cast<byte, ushort>(bytes);
            for (int index = 0; index < ids.Length; index++)
                ids[index] = narrow[index];
        }
        TokenIds.Check(ids, Vocabulary, Path, start);
    }

    private void CheckStarts()
    {
        long before = 0;
        for (int sequence = 0; sequence <= Count; sequence++)
        {
            long start = Start(sequence);
            if (sequence == 0 ? start != 0 : start < before || start > Tokens)
                throw Fault(sequence, start, sequence == 0 ? "0" : $"a number from {before} to {Tokens}");
            before = start;
        }
        if (before != Tokens)
            throw Fault(Count, before, $"{Tokens}, the number of ids");
    }

    private InvalidInputException Fault(int sequence, long start, string expected) =>
        new(Path, sequence == Count ? "the end of the last sequence" : $"the start of sequence {sequence}", $"{start}", expected, "Make the file again.");
}
