namespace Formwork.Benchmarks.Workloads;

/// <summary>A batch: sequences of random tokens one after the other, and what each row is to foretell.</summary>
/// <param name="Tokens">The tokens of all sequences.</param>
/// <param name="Lengths">How many each has.</param>
/// <param name="Targets">The class of every row.</param>
/// <param name="Sources">The tokens of all sources; none for a model of one stack.</param>
/// <param name="SourceLengths">How many each has.</param>
public sealed record TrainingSample(int[] Tokens, int[] Lengths, int[] Targets, int[] Sources, int[] SourceLengths)
{
    /// <summary>So many sequences of one length.</summary>
    public static TrainingSample Equal(int vocabulary, int sequences, int length)
    {
        var (tokens, targets) = Rows(vocabulary, sequences * length);
        return new TrainingSample(tokens, [.. Enumerable.Repeat(length, sequences)], targets, [], []);
    }

    /// <summary>
    /// A batch of about 8,000 target tokens as length-bucketed batches of Multi30k's training pairs are, ordered by target and source: one from
    /// the middle, whose 533 captions have 15 target tokens and 13 or 14 source tokens. So hardly anything is padded where batches are padded.
    /// </summary>
    public static TrainingSample Captions(int vocabulary)
    {
        const int shorter = 190, longer = 343, targetTokens = 15, sourceTokens = 13;
        int[] sourceLengths = [.. Enumerable.Repeat(sourceTokens, shorter), .. Enumerable.Repeat(sourceTokens + 1, longer)];
        var (tokens, targets) = Rows(vocabulary, (shorter + longer) * targetTokens);
        return new TrainingSample(
            tokens, [.. sourceLengths.Select(_ => targetTokens)], targets, RandomTokens.Draw(vocabulary, sourceLengths.Sum(), seed: 9), sourceLengths);
    }

    private static (int[] Tokens, int[] Targets) Rows(int vocabulary, int count) =>
        (RandomTokens.Draw(vocabulary, count), RandomTokens.Draw(vocabulary, count, seed: 8));
}
