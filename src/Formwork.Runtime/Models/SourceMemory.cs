namespace Formwork.Runtime.Models;

/// <summary>
/// What an encoder made of one source: the keys and values that every decoder layer's cross-attention reads. Sessions share it, and it stays
/// until the last of them is disposed.
/// </summary>
public sealed class SourceMemory : IDisposable
{
    private int _references = 1;
    private int _disposed;

    internal SourceMemory(EncoderDecoderModel model, int rows)
    {
        Model = model;
        Rows = rows;
        Cache = new KeyValueCache(model.Description.MemorySegments, rows, rows);
    }

    /// <summary>Tokens of the source.</summary>
    public int Rows { get; }

    internal EncoderDecoderModel Model { get; }

    internal KeyValueCache Cache { get; }

    /// <summary>Lets go of it; sessions that read it keep it until they are disposed.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            Release();
    }

    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    internal void AddReference()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        Interlocked.Increment(ref _references);
    }

    internal void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            Cache.Dispose();
    }
}
