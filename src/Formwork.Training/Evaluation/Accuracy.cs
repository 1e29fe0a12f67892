namespace Formwork.Training.Evaluation;

/// <summary>How many guesses are right. Parts of a data set add up.</summary>
/// <param name="Right">Right guesses.</param>
/// <param name="Count">All guesses.</param>
public readonly record struct Accuracy(long Right, long Count)
{
    /// <summary>The share that is right, 0 … 1; NaN where there is none.</summary>
    public double Value => (double)Right / Count;

    /// <summary>Of two parts together.</summary>
    public static Accuracy operator +(Accuracy left, Accuracy right) => new(left.Right + right.Right, left.Count + right.Count);

    /// <summary>Id by id: of hidden tokens, the masked accuracy.</summary>
    /// <exception cref="ArgumentException">There are not as many of both.</exception>
    public static Accuracy OfTokens(ReadOnlySpan<int> guesses, ReadOnlySpan<int> targets)
    {
        if (guesses.Length != targets.Length)
            throw new ArgumentException("There must be as many guesses as targets.", nameof(guesses));
        int right = 0;
        for (int index = 0; index < guesses.Length; index++)
            right += guesses[index] == targets[index] ? 1 : 0;
        return new Accuracy(right, guesses.Length);
    }

    /// <summary>Sequence by sequence: one is right where every id is.</summary>
    /// <exception cref="ArgumentException">There are not as many of both.</exception>
    public static Accuracy OfSequences(IReadOnlyList<IReadOnlyList<int>> guesses, IReadOnlyList<IReadOnlyList<int>> targets)
    {
        if (guesses.Count != targets.Count)
            throw new ArgumentException("There must be as many guesses as targets.", nameof(guesses));
        return new Accuracy(guesses.Zip(targets).LongCount(pair => pair.First.SequenceEqual(pair.Second)), guesses.Count);
    }
}
