namespace Formwork.Training.Data;

/// <summary>Sequences with what belongs to them.</summary>
internal sealed record BuiltExamples(ITokenSequences Sequences, ITokenSequences? Sources, IReadOnlyList<int>? Labels)
{
    /// <summary>How many.</summary>
    public int Count => Sequences.Count;

    /// <summary>Some of them as a set.</summary>
    public IExampleSet Take(Range range) => Sources is null ? new SequenceSet(Sequences, Labels, range) : new ParallelSet(Sources, Sequences, range);
}
