using CsCheck;
using Formwork.Training.Data;

namespace Formwork.Training.Tests.Data;

/// <summary>Sets of examples with lengths drawn from few numbers, so that many are equal.</summary>
internal static class RandomSets
{
    public static Gen<(int Source, int Target)[]> Lengths { get; } = Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12]).Array[1, 80];

    /// <summary>Pairs; the first id of both sides of pair i is i.</summary>
    public static ParallelSet Pairs((int Source, int Target)[] lengths)
    {
        TokenList sources = new(1000), targets = new(1000);
        for (int example = 0; example < lengths.Length; example++)
        {
            Add(sources, example, lengths[example].Source);
            Add(targets, example, lengths[example].Target);
        }
        return new ParallelSet(sources, targets);
    }

    /// <summary>Sequences of the given texts' letters.</summary>
    public static SequenceSet Letters(params string[] texts)
    {
        var list = new TokenList(LetterTokenizer.FirstLetter + 26);
        foreach (string text in texts)
        {
            list.Add(LetterTokenizer.Ids(text));
            list.EndSequence();
        }
        return new SequenceSet(list);
    }

    /// <summary>Compares batches by all that they have.</summary>
    public static string Text(TrainingBatch batch) => string.Join('|',
        string.Join(' ', batch.Target.Tokens), string.Join(' ', batch.Target.Lengths), string.Join(' ', batch.Source?.Tokens ?? []),
        string.Join(' ', batch.Source?.Lengths ?? []), string.Join(' ', batch.OutputRows), string.Join(' ', batch.Targets));

    private static void Add(TokenList list, int first, int length)
    {
        list.Add([first, .. Enumerable.Repeat(7, length - 1)]);
        list.EndSequence();
    }
}
