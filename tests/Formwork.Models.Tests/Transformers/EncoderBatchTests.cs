using Formwork.Runtime.Models;
using Xunit;

namespace Formwork.Models.Tests.Transformers;

/// <summary>What else is in a batch, how it is cut into passes and how many threads run them changes no bit of a sequence's result.</summary>
public class EncoderBatchTests
{
    private static readonly EncoderInput[] Inputs = [.. new[] { 1, 2, 17, 64, 65, 150, 3, 128, 31 }.Select((length, index) => Input(length, index))];

    [Theory]
    [InlineData(1, 512)]
    [InlineData(1, 150)]
    [InlineData(2, 512)]
    [InlineData(3, 200)]
    public void StatesAreThoseOfTheSequenceAlone(int threads, int maxPassTokens)
    {
        using var alone = SmallTransformers.LoadEncoder();
        using var model = SmallTransformers.LoadEncoder(threads, maxPassTokens);
        var together = model.Encode(Inputs);
        for (var index = 0; index < Inputs.Length; index++)
            Assert.Equal(alone.Encode([Inputs[index]])[0], together[index]);
    }

    [Fact]
    public void HeadsSeeTheSequenceAlone()
    {
        using var model = SmallTransformers.LoadEncoder();
        var pooled = model.Pool(Inputs);
        for (var index = 0; index < Inputs.Length; index++)
            Assert.Equal(model.Pool([Inputs[index]])[0], pooled[index]);
        Assert.Equal(17 * 61, model.Logits([.. Inputs[2].Tokens]).Length);
        Assert.All(pooled.SelectMany(vector => vector), value => Assert.InRange(value, -1, 1));
        Assert.True(pooled.Select(vector => vector[0]).Distinct().Count() == Inputs.Length);
    }

    [Fact]
    public void PaddedBatchIsTheSequencesAlone()
    {
        using var model = SmallTransformers.LoadEncoder();
        var (tokens, mask) = (new int[3, 20], new int[3, 20]);
        int[] starts = [0, 5, 19], lengths = [20, 9, 1];
        for (var row = 0; row < 3; row++)
        {
            for (var index = 0; index < lengths[row]; index++)
                (tokens[row, starts[row] + index], mask[row, starts[row] + index]) = (SmallTransformers.Tokens(20, row)[index], 1);
        }
        var states = model.EncodePadded(tokens, mask);
        for (var row = 0; row < 3; row++)
        {
            var expected = new float[20 * 48];
            model.Encode(SmallTransformers.Tokens(20, row).AsSpan(0, lengths[row])).CopyTo(expected, starts[row] * 48);
            Assert.Equal(expected, states.AsSpan(row * 20 * 48, 20 * 48).ToArray());
        }
    }

    [Fact]
    public void MaskedTokensProbabilitiesAreTheLogitsSoftmax()
    {
        using var model = SmallTransformers.LoadEncoder();
        int[] tokens = [3, 60, 7, 60];
        var logits = model.Logits(tokens);
        foreach (var masked in model.FillMask(new EncoderInput(tokens), maskToken: 60, top: 61))
        {
            var row = logits.AsSpan(masked.Position * 61, 61).ToArray();
            var total = row.Sum(logit => Math.Exp(logit));
            Assert.Equal(1, masked.Candidates.Sum(candidate => candidate.Probability), 1e-5f);
            Assert.All(masked.Candidates, candidate => Assert.Equal(Math.Exp(row[candidate.Token]) / total, candidate.Probability, 1e-5));
            Assert.Equal(masked.Candidates.OrderByDescending(candidate => candidate.Probability), masked.Candidates);
        }
    }

    private static EncoderInput Input(int length, int seed) =>
        new(SmallTransformers.Tokens(length, seed), [.. Enumerable.Range(0, length).Select(index => index * 2 / length)]);
}
