namespace Formwork.Training.Data;

/// <summary>Collects the rows and targets of a batch.</summary>
internal sealed class BatchWriter
{
    private readonly List<int> _tokens = [];
    private readonly List<int> _lengths = [];
    private readonly List<int> _outputRows = [];
    private readonly List<int> _targets = [];

    /// <summary>Number of rows so far.</summary>
    public int Rows => _tokens.Count;

    /// <summary>Appends a sequence.</summary>
    public void AddSequence(ReadOnlySpan<int> tokens)
    {
        _tokens.AddRange(tokens);
        _lengths.Add(tokens.Length);
    }

    /// <summary>Says what a row (or a sequence, where they are classified) should foretell; rows come in ascending order.</summary>
    public void AddTarget(int row, int target)
    {
        _outputRows.Add(row);
        _targets.Add(target);
    }

    /// <summary>Appends a sequence each row of which has a target.</summary>
    public void AddSequence(ReadOnlySpan<int> tokens, ReadOnlySpan<int> targets)
    {
        for (int position = 0; position < targets.Length; position++)
            AddTarget(Rows + position, targets[position]);
        AddSequence(tokens);
    }

    /// <summary>The sequences alone.</summary>
    public TrainingSequences Sequences() => new([.. _tokens], [.. _lengths]);

    /// <summary>The batch.</summary>
    public TrainingBatch Batch(TrainingSequences? source = null) => new(Sequences(), source, [.. _outputRows], [.. _targets]);
}
