using Formwork.Runtime.Models;
using Formwork.Runtime.Weights;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Ours: a generated model with the random weights that all contenders have.</summary>
internal abstract class FormworkContender<TModel> : IContender
    where TModel : TransformerModel
{
    private TModel? _model;

    /// <inheritdoc/>
    public string Name => FormworkNames.Contender;

    /// <inheritdoc/>
    public void UseThreads(int threads)
    {
        if (_model?.Threads == threads)
            return;
        Dispose();
        _model = Create(new LoadOptions { Threads = threads });
    }

    /// <inheritdoc/>
    public void Rest()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        DisposeSessions();
        _model?.Dispose();
        _model = null;
    }

    /// <summary>The model.</summary>
    protected TModel Model => _model ?? throw new InvalidOperationException("say first with how many threads");

    /// <summary>Makes the model.</summary>
    protected abstract TModel Create(LoadOptions options);

    /// <summary>Disposes what was made from the model.</summary>
    protected virtual void DisposeSessions()
    {
    }

    /// <summary>What a generated type's <c>FromParts</c> takes.</summary>
    protected static ModelParts Parts(ModelDescription description, LoadOptions options)
    {
        using var checkpoint = new SharedCheckpoint(description.Weights);
        return new ModelParts(description, WeightLoader.Load(checkpoint, description.Weights, Environment.ProcessorCount), null, options);
    }
}
