namespace Formwork.Training.Data;

/// <summary>Sequences of token ids, one after the other.</summary>
public interface ITokenSequences
{
    /// <summary>How many sequences there are.</summary>
    int Count { get; }

    /// <summary>How many ids there are in all.</summary>
    long Tokens { get; }

    /// <summary>Every id is less than this.</summary>
    int Vocabulary { get; }

    /// <summary>Where a sequence begins, counted over all; the sequence <see cref="Count"/> would begin at <see cref="Tokens"/>.</summary>
    long Start(int sequence);

    /// <summary>Copies ids from a place on, counted over all; the borders of sequences do not matter.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not all there.</exception>
    void Read(long start, Span<int> ids);

    /// <summary>How many ids a sequence has.</summary>
    int Length(int sequence) => checked((int)(Start(sequence + 1) - Start(sequence)));

    /// <summary>A sequence.</summary>
    int[] Read(int sequence)
    {
        var ids = new int[Length(sequence)];
        Read(Start(sequence), ids);
        return ids;
    }
}
