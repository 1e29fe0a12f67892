using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>Examples of one sequence each, with or without labels.</summary>
public sealed class SequenceSet : IExampleSet
{
    private readonly ITokenSequences _sequences;
    private readonly IReadOnlyList<int>? _labels;
    private readonly int _first;

    /// <summary>Takes all sequences, or some of them.</summary>
    /// <param name="sequences">The sequences.</param>
    /// <param name="labels">A class a sequence; null where there are none.</param>
    /// <param name="range">Which sequences; all of them where it is not given.</param>
    /// <exception cref="InvalidInputException">There are not as many labels as sequences.</exception>
    public SequenceSet(ITokenSequences sequences, IReadOnlyList<int>? labels = null, Range? range = null)
    {
        if (labels is not null && labels.Count != sequences.Count)
            throw new InvalidInputException("labels", null, $"{labels.Count}", $"one a sequence, {sequences.Count}", "Give as many labels as sequences.");
        (_sequences, _labels) = (sequences, labels);
        (_first, Count) = (range ?? Range.All).GetOffsetAndLength(sequences.Count);
    }

    /// <inheritdoc/>
    public string Description => $"{Count} sequences, {ContentSample.Of(_sequences, _first, Count)}";

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public bool HasSources => false;

    /// <inheritdoc/>
    public int Length(int example) => _sequences.Length(_first + example);

    /// <inheritdoc/>
    public int SourceLength(int example) => 0;

    /// <inheritdoc/>
    public TrainingExample Read(int example) => new(_first + example, _sequences.Read(_first + example), null, _labels is null ? -1 : _labels[_first + example]);
}
