using Formwork.Runtime.Memory;
using Formwork.Runtime.Threading;
using Formwork.Runtime.Training;
using Formwork.Runtime.Weights;

namespace Formwork.Training;

/// <summary>What a trainer changes: the model's own weights, or adapters beside them.</summary>
internal abstract unsafe class TrainedWeights : IDisposable
{
    private protected TrainedWeights(WeightTable table, NativeBuffer values) => (Table, Values) = (table, values);

    /// <summary>The parameters and where they lie.</summary>
    public WeightTable Table { get; }

    /// <summary>Their values.</summary>
    public NativeBuffer Values { get; }

    /// <summary>The file of a checkpoint that has them.</summary>
    public abstract string FileName { get; }

    /// <summary>What else the values depend on, which a checkpoint is checked against; empty for nothing.</summary>
    public virtual string Base => "";

    /// <summary>Their gradients, packed as they are, once <see cref="Collect"/> has run.</summary>
    public abstract float* Gradients(TrainingPass pass);

    /// <summary>Makes the gradients from those of the packed weights, zero where there is no parameter. Every worker calls it.</summary>
    public abstract void Collect(TrainingPass pass, Worker worker);

    /// <summary>Brings changed values into the model. Every worker calls it.</summary>
    public abstract void Publish(Worker worker);

    /// <summary>The first parameter of which a value is not finite; null for none.</summary>
    public string? FirstNotFinite() => FirstNotFinite(Values.Pointer);

    /// <summary>The first parameter of which a number in a buffer that is packed so is not finite; null for none.</summary>
    public string? FirstNotFinite(float* values)
    {
        if (FiniteNumbers.AreAll(values, Table.Length))
            return null;
        foreach (WeightSlot slot in Table.Slots)
        {
            for (int expert = 0; expert < Math.Max(slot.Experts, 1); expert++)
            {
                WeightSlot matrix = slot.Experts > 0 ? slot.Expert(expert) : slot;
                for (int row = 0; row < slot.Rows; row++)
                {
                    for (int column = 0; column < slot.Columns; column++)
                    {
                        if (!float.IsFinite(values[matrix.PackedIndex(row, column)]))
                            return slot.Parameter;
                    }
                }
            }
        }
        return null;
    }

    /// <summary>Frees what it has beside the model's own memory.</summary>
    public virtual void Dispose()
    {
    }
}
