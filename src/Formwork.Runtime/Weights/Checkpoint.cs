using System.Diagnostics.CodeAnalysis;

namespace Formwork.Runtime.Weights;

/// <summary>
/// Stored weights: named tensors that are read as float32, whatever their stored type. Opening checks the whole file; reading may be done
/// from several threads at once; disposing unmaps the file and must not run beside a read.
/// </summary>
public abstract class Checkpoint : IDisposable
{
    /// <summary>Sets the path that messages name.</summary>
    protected Checkpoint(string path) => Path = path;

    /// <summary>The file's path as given.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public abstract IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>
    /// Opens a <c>.safetensors</c> file, an index of shards (<c>.json</c>), a llama2.c <c>.bin</c>, or a folder that holds
    /// <c>model.safetensors</c>, <c>model.safetensors.index.json</c>, exactly one <c>*.safetensors</c> or one llama2.c <c>*.bin</c>,
    /// looked for in this order.
    /// </summary>
    /// <exception cref="InvalidInputException">Nothing is there, more than one file could be meant, or the file is not sound.</exception>
    public static Checkpoint Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string file = Directory.Exists(path) ? CheckpointFolder.Find(path) : path;
        return System.IO.Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".safetensors" => new SafetensorsFile(file),
            ".json" => new ShardedSafetensors(file),
            ".bin" => new Llama2CFile(file),
            var other => throw new InvalidInputException(file, null, File.Exists(file) ? $"a file of the kind `{other}`" : "no such file or folder",
                "a .safetensors file, a model.safetensors.index.json, a llama2.c .bin, or a folder that holds one of them",
                "Give the path of the weights."),
        };
    }

    /// <summary>
    /// Reads <paramref name="rowCount"/> rows of a tensor as float32. A vector is one row; of more than two sizes all but the first make a row.
    /// </summary>
    /// <param name="tensor">The tensor's name.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rowCount">How many rows.</param>
    /// <param name="destination">Room for exactly these rows, <c>[rowCount, columns]</c>.</param>
    /// <exception cref="InvalidInputException">There is no such tensor, or its elements are not floating-point numbers of 16 or 32 bits.</exception>
    /// <exception cref="ArgumentException">The rows are not inside the tensor, or the destination is not of their size.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been closed.</exception>
    public void ReadRows(string tensor, long firstRow, int rowCount, Span<float> destination)
    {
        var info = Readable(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, info.Rows - rowCount);
        if (destination.Length != rowCount * info.Columns)
            throw new ArgumentException($"{destination.Length} floats for {rowCount} rows of {info.Columns}.", nameof(destination));
        ReadElements(info, firstRow * info.Columns, destination);
    }

    /// <summary>Reads a whole tensor as float32, in its stored order.</summary>
    /// <exception cref="InvalidInputException">There is no such tensor, or its elements are not floating-point numbers of 16 or 32 bits.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been closed.</exception>
    public float[] Read(string tensor)
    {
        var info = Readable(tensor);
        var values = new float[info.Count];
        ReadElements(info, 0, values);
        return values;
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the checkpoint holds.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Reads elements in stored order, from element <paramref name="first"/> on, as float32. The range has been checked.</summary>
    protected internal abstract void ReadElements(TensorInfo tensor, long first, Span<float> destination);

    /// <summary>Where the tensor's elements lie in memory as aligned float32 in stored order; null when they must be read.</summary>
    protected internal virtual unsafe float* Map(TensorInfo tensor) => null;

    private TensorInfo Readable(string tensor)
    {
        if (!Tensors.TryGetValue(tensor, out var info))
            ThrowMissing(tensor);
        if (!info.Type.CanBeRead())
            throw new InvalidInputException(Path, tensor, $"elements of type {info.Type.Name()}", "F32, F16 or BF16", "Save the weights as one of these.");
        return info;
    }

    [DoesNotReturn]
    private void ThrowMissing(string tensor) =>
        throw new InvalidInputException(Path, tensor, $"no such tensor among {Tensors.Count}",
            NearestName.Find(tensor, Tensors.Keys) is { } nearest ? $"this name (nearest is `{nearest}`)" : "this name", "Check the name.");
}
