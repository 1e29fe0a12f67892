using Formwork.Runtime.Memory;
using Formwork.Runtime.Threading;

namespace Formwork.Training.Optimizers;

/// <summary>Changes weights by their gradients. What it remembers lies in buffers of the weights' packing.</summary>
internal abstract class Optimizer : IDisposable
{
    /// <summary>What it remembers, by names that stay.</summary>
    public abstract IReadOnlyList<(string Name, NativeBuffer Values)> State { get; }

    /// <summary>One step, which every worker of the team calls. Which worker does what changes no number.</summary>
    public abstract void Step(in OptimizerStep step, Worker worker);

    /// <summary>The first state of which a number is not finite; null for none.</summary>
    public unsafe string? FirstNotFinite() => State.Where(part => !FiniteNumbers.AreAll(part.Values.Pointer, part.Values.Length)).Select(part => part.Name).FirstOrDefault();

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        foreach ((_, NativeBuffer values) in State)
            values.Dispose();
        DisposeScratch();
    }

    /// <summary>Frees memory that is not remembered between steps.</summary>
    private protected virtual void DisposeScratch()
    {
    }
}
