namespace Formwork.Training.Data;

/// <summary>What became of a file's texts.</summary>
/// <param name="Examples">Texts, or pairs, that were written.</param>
/// <param name="Empty">Those that were left out because there is nothing in one of their texts.</param>
/// <param name="TooLong">Those that were left out because one of their texts has too many tokens.</param>
public readonly record struct BuildCounts(long Examples, long Empty, long TooLong)
{
    /// <summary>The counts of two files together.</summary>
    public static BuildCounts operator +(BuildCounts left, BuildCounts right) =>
        new(left.Examples + right.Examples, left.Empty + right.Empty, left.TooLong + right.TooLong);
}
