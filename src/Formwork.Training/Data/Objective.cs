namespace Formwork.Training.Data;

/// <summary>What a model learns from examples: how their ids become rows and targets.</summary>
public abstract class Objective
{
    /// <summary>The objective and its numbers in words.</summary>
    public abstract string Description { get; }

    /// <summary>How many rows an example has more than ids; may be negative.</summary>
    public abstract int ExtraRows { get; }

    /// <summary>How many rows a source has more than ids.</summary>
    public virtual int ExtraSourceRows => 0;

    /// <summary>Whether examples need a source.</summary>
    public virtual bool NeedsSources => false;

    /// <summary>How many ids of a text a window must share with the one before it, so that every id is foretold once.</summary>
    public virtual int Overlap => 0;

    /// <summary>The rows and targets of examples.</summary>
    /// <param name="examples">The examples; sequence i of the batch is made of example i.</param>
    /// <param name="key">What random choices follow from, besides an example's number and the place in it.</param>
    /// <exception cref="Formwork.Runtime.InvalidInputException">An example lacks what the objective needs.</exception>
    public abstract TrainingBatch Batch(IReadOnlyList<TrainingExample> examples, ulong key);
}
