using BenchmarkDotNet.Attributes;
using Formwork.Runtime.Weights;

namespace Formwork.Benchmarks.Methods;

/// <summary>Reading and packing a safetensors file of 28 million numbers, a dozen feed-forward matrices of GPT-2, that is in the system's page cache.</summary>
public class WeightsBenchmarks
{
    private const int Matrices = 12;
    private const int Rows = 3_072;
    private const int Columns = 768;
    private string _file = "";
    private WeightTable _table = null!;

    /// <summary>How the file stores numbers.</summary>
    [Params(TensorType.F32, TensorType.BF16)]
    public TensorType Stored { get; set; }

    /// <summary>Threads that pack.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Writes the file.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        const long size = (long)Rows * Columns;
        WeightSlot[] slots = [.. Enumerable.Range(0, Matrices).Select(i => new WeightSlot($"layers.{i}.weight", $"h.{i}.weight", Rows, Columns, i * size, WeightPacking.Panels))];
        _table = new WeightTable("Benchmark", "benchmark", [], slots, [], Matrices * size);
        _file = Path.Combine(Path.GetTempPath(), $"formwork-{Guid.NewGuid():N}.safetensors");
        var values = new float[size];
        for (var i = 0; i < values.Length; i++)
            values[i] = i % 1000 * 0.001f;
        SafetensorsWriter.Write(_file, slots.Select(slot => (slot.Tensor, new[] { Rows, Columns }, values)), Stored);
    }

    /// <summary>Deletes the file.</summary>
    [GlobalCleanup]
    public void Delete() => File.Delete(_file);

    /// <summary>File to packed block.</summary>
    [Benchmark]
    public void Load()
    {
        using var checkpoint = Checkpoint.Open(_file);
        using var weights = WeightLoader.Load(checkpoint, _table, Threads);
    }
}
