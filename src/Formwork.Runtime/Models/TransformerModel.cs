using Formwork.Runtime.Memory;
using Formwork.Runtime.Threading;
using Formwork.Runtime.Tokenization;
using Formwork.Runtime.Training;

namespace Formwork.Runtime.Models;

/// <summary>
/// A compiled transformer of any architecture: packed weights, tables, activation memory and the threads that compute. Passes run one at a
/// time, whichever thread asks.
/// </summary>
public abstract unsafe partial class TransformerModel : IDisposable
{
    private readonly NativeBuffer _weights;
    private readonly NativeBuffer _tables;
    private readonly NativeBuffer _arena;
    private readonly WorkerTeam _team;
    private readonly long _parallelMultiplyAdds;
    private NativeBuffer _result;

    private protected TransformerModel(ModelParts parts, int maxPassTokens)
    {
        Description = parts.Description;
        Tokenizer = parts.Tokenizer;
        MaxPassTokens = maxPassTokens;
        _weights = parts.Weights;
        _tables = new NativeBuffer(Description.TableFloats);
        _arena = new NativeBuffer((long)Description.ActivationFloats * maxPassTokens);
        _result = new NativeBuffer(Description.LogitStride);
        _team = new WorkerTeam(ModelParts.ThreadCount(parts.Options));
        _parallelMultiplyAdds = parts.Options.ParallelMultiplyAdds;
        Batch = new Batch(maxPassTokens);
        Batch.SetArena(_arena.Pointer);
    }

    /// <summary>The architecture in numbers.</summary>
    public ModelDescription Description { get; }

    /// <summary>The tokenizer; null when the spec names none or the weights are random.</summary>
    public TextTokenizer? Tokenizer { get; }

    /// <summary>The most tokens that one pass takes.</summary>
    public int MaxPassTokens { get; }

    /// <summary>Number of threads.</summary>
    public int Threads => _team.Count;

    /// <summary>What training needs; null for a model that was compiled without.</summary>
    public virtual TrainingDescription? Training => null;

    /// <summary>The packed weights, as <see cref="ModelDescription.Weights"/> places them, for a trainer that changes them in place between passes.</summary>
    public NativeBuffer PackedWeights => _weights;

    /// <summary>The packed weights, for generated code.</summary>
    protected float* Weights => _weights.Pointer;

    /// <summary>The tables computed at load, for generated code.</summary>
    protected float* Tables => _tables.Pointer;

    /// <summary>Held while a pass is put together, run and read.</summary>
    private protected Lock Gate { get; } = new();

    /// <summary>The pass that is being put together or run.</summary>
    private protected Batch Batch { get; }

    /// <summary>Whether the model was disposed.</summary>
    private protected bool Disposed { get; private set; }

    /// <summary>Runs <see cref="Batch"/>, whose inputs and wishes are set, and leaves its results to <see cref="Result"/>.</summary>
    private protected void RunPass(Action<Worker> pass)
    {
        ObjectDisposedException.ThrowIf(Disposed, this);
        long floats = (long)Batch.Outputs * Stride(Batch.Wanted);
        if (_result.Length < floats)
        {
            _result.Dispose();
            _result = new NativeBuffer(floats);
        }
        Batch.Result = _result.Pointer;
        _team.Run(pass, alone: Description.FlopsPerToken / 2 * Batch.Rows < _parallelMultiplyAdds);
    }

    /// <summary>Makes the memory of training passes.</summary>
    /// <param name="maxRows">The most rows of a batch.</param>
    /// <param name="maxSourceRows">The most rows of sources; 0 for a model of one stack.</param>
    /// <exception cref="InvalidOperationException">The model was compiled without training.</exception>
    public TrainingPass NewTrainingPass(int maxRows, int maxSourceRows = 0) => new(
        Training ?? throw new InvalidOperationException($"{Description.Name} was compiled without training: write `training: {{}}` in its spec."),
        _weights.Length, maxRows, maxSourceRows, Description.VectorInput ? (Description.Width + 15) / 16 * 16 : 0, _team.Count);

    /// <summary>Runs a training pass whose inputs are set.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Run(TrainingPass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(Disposed, this);
            _team.Run(worker => Train(pass, worker), alone: false);
        }
    }

    /// <summary>Runs work on the model's threads, for what a trainer does between passes.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Run(Action<Worker> work)
    {
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(Disposed, this);
            _team.Run(work, alone: false);
        }
    }

    /// <summary>Computes again what follows from the weights, after a trainer changed them.</summary>
    public void WeightsChanged()
    {
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(Disposed, this);
            FillTables();
        }
    }

    /// <summary>Fills the tables of positions: generated.</summary>
    protected virtual void FillTables()
    {
    }

    /// <summary>One training pass: generated where the spec asks for training. Runs on each worker of the team.</summary>
    protected virtual void Train(TrainingPass pass, Worker worker) => throw new InvalidOperationException("compiled without training");

    /// <summary>The first <paramref name="count"/> numbers of an output of the last pass, which wanted <paramref name="wanted"/>.</summary>
    internal ReadOnlySpan<float> Result(PassOutput wanted, int output, int count) => _result.AsSpan((long)output * Stride(wanted), count);

    /// <summary>Floats from one output's result to the next.</summary>
    private protected int Stride(PassOutput wanted) => wanted switch
    {
        PassOutput.Logits => Description.LogitStride,
        PassOutput.HiddenStates => Description.HiddenStride,
        PassOutput.Pooled => Description.PooledStride,
        _ => Description.LabelStride,
    };

    /// <summary>The tokenizer, for what is given as text.</summary>
    private protected TextTokenizer RequireTokenizer() => Tokenizer ?? throw new InvalidInputException(
        Description.Name, "tokenizer", "none", "one", "Name it in the spec under tokenizer:, or give token ids.");

    /// <summary>Frees the weights and ends the threads. Sessions can then only be disposed.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (Disposed)
                return;
            Disposed = true;
            _team.Dispose();
            _weights.Dispose();
            _tables.Dispose();
            _arena.Dispose();
            _result.Dispose();
            DisposeParts();
        }
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what a kind of model has beside the common parts.</summary>
    private protected virtual void DisposeParts()
    {
    }
}
