using Formwork.Benchmarks.SideBySide;
using Formwork.Benchmarks.Workloads;
using TorchSharp;
using static TorchSharp.torch;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>A model written with libtorch's own operations, with the random weights that all contenders have.</summary>
public abstract class LibtorchModel : IContender
{
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

    /// <summary>A parameter's random values.</summary>
    protected Tensor Weight(string parameter, int rows, int columns) =>
        Keep(tensor(RandomParameter.Matrix(parameter, rows, columns), [rows, columns]));

    /// <summary>A vector's random values.</summary>
    protected Tensor Vector(string parameter, int length) => Keep(tensor(RandomParameter.Matrix(parameter, 1, length)));

    /// <summary>Several parameters with the same inputs as one.</summary>
    protected Tensor Fused(params ReadOnlySpan<(string Parameter, int Rows, int Columns)> parts)
    {
        using var scope = NewDisposeScope();
        var tensors = new Tensor[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var (parameter, rows, columns) = parts[i];
            tensors[i] = tensor(RandomParameter.Matrix(parameter, rows, columns), columns == 1 ? [rows] : [rows, columns]);
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
