using Formwork.Benchmarks.SideBySide;
using Formwork.Benchmarks.Workloads;
using TorchSharp;
using static TorchSharp.torch;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>A model written with libtorch's own operations.</summary>
/// <param name="values">A parameter's values by its name in the graph, rows and columns; null for the random ones that all contenders have.</param>
public abstract class LibtorchModel(Func<string, int, int, float[]>? values = null) : IContender
{
    private readonly Func<string, int, int, float[]> _values = values ?? RandomParameter.Matrix;
    private readonly List<Tensor> _weights = [];

    /// <inheritdoc/>
    public string Name => PeerName;

    /// <summary>The name in the table's heading.</summary>
    public const string PeerName = "libtorch";

    /// <summary>libtorch's version.</summary>
    public static string Version => torch.__version__;

    /// <inheritdoc/>
    public void UseThreads(int threads) => set_num_threads(threads);

    /// <inheritdoc/>
    public void Rest()
    {
        // OpenMP's threads stop spinning by themselves after some milliseconds.
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        foreach (var weight in _weights)
            weight.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>All that is kept so far.</summary>
    protected IReadOnlyList<Tensor> Weights => _weights;

    /// <summary>A matrix.</summary>
    protected Tensor Weight(string parameter, int rows, int columns) =>
        Keep(tensor(_values(parameter, rows, columns), [rows, columns]));

    /// <summary>A vector.</summary>
    protected Tensor Vector(string parameter, int length) => Keep(tensor(_values(parameter, 1, length)));

    /// <summary>Several parameters with the same inputs as one.</summary>
    protected Tensor Fused(params ReadOnlySpan<(string Parameter, int Rows, int Columns)> parts)
    {
        using var scope = NewDisposeScope();
        var tensors = new Tensor[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var (parameter, rows, columns) = parts[i];
            tensors[i] = tensor(_values(parameter, rows, columns), columns == 1 ? [rows] : [rows, columns]);
        }

        return Keep(cat(tensors).MoveToOuterDisposeScope());
    }

    /// <summary>Keeps a tensor until disposal.</summary>
    protected Tensor Keep(Tensor weight)
    {
        _weights.Add(weight.DetachFromDisposeScope());
        return weight;
    }
}
