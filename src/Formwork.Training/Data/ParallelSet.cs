using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>Pairs of a source and a target.</summary>
public sealed class ParallelSet : IExampleSet
{
    private readonly ITokenSequences _sources;
    private readonly ITokenSequences _targets;
    private readonly int _first;

    /// <summary>Takes all pairs, or some of them.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="targets">Target i belongs to source i.</param>
    /// <param name="range">Which pairs; all of them where it is not given.</param>
    /// <exception cref="InvalidInputException">There are not as many targets as sources.</exception>
    public ParallelSet(ITokenSequences sources, ITokenSequences targets, Range? range = null)
    {
        if (sources.Count != targets.Count)
            throw new InvalidInputException("targets", null, $"{targets.Count}", $"one a source, {sources.Count}", "Make both files from the same pairs.");
        (_sources, _targets) = (sources, targets);
        (_first, Count) = (range ?? Range.All).GetOffsetAndLength(sources.Count);
    }

    /// <inheritdoc/>
    public string Description =>
        $"{Count} pairs, {ContentSample.Of(_sources, _first, Count)}, {ContentSample.Of(_targets, _first, Count)}";

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public bool HasSources => true;

    /// <inheritdoc/>
    public int Length(int example) => _targets.Length(_first + example);

    /// <inheritdoc/>
    public int SourceLength(int example) => _sources.Length(_first + example);

    /// <inheritdoc/>
    public TrainingExample Read(int example) => new(_first + example, _targets.Read(_first + example), _sources.Read(_first + example));
}
