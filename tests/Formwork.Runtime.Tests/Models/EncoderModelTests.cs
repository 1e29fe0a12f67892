using Formwork.Runtime.Models;
using Xunit;

namespace Formwork.Runtime.Tests.Models;

public sealed class EncoderModelTests
{
    [Fact]
    public void StatesAreTheSequencesOwn()
    {
        using var model = new FakeEncoder();
        Assert.Equal([3, 0, 0, 8, 5, 1, 1, 8], model.Encode([3, 5], [0, 1]));
        Assert.Equal([7, 0, 0, 7], model.Encode([7]));
    }

    [Fact]
    public void SequencesArePackedIntoAsFewPassesAsTheyFit()
    {
        using var model = new FakeEncoder();
        EncoderInput[] inputs = [.. new[] { 9, 11, 20, 1, 15, 5 }.Select(Sequence)];
        float[][] together = model.Encode(inputs);
        Assert.Equal([20, 20, 16, 5], model.Passes);
        for (int index = 0; index < inputs.Length; index++)
            Assert.Equal(model.Encode([.. inputs[index].Tokens]), together[index]);
    }

    [Fact]
    public void ManyShortSequencesDoNotTakeMemoryForAllAtOnce()
    {
        using var model = new FakeEncoder(maxPassTokens: 100);
        float[][] states = model.Encode([.. Enumerable.Repeat(Sequence(1), 20)]);
        // 100 rows are padded to 128 positions and may become four times that, which is 8 sequences of 64.
        Assert.Equal([8, 8, 4], model.Passes);
        Assert.All(states, state => Assert.Equal([0, 0, 0, 0], state));
    }

    [Fact]
    public void PassTakesTheWholeContextWhateverTheOptionSays()
    {
        using var model = new FakeEncoder(maxPassTokens: 3);
        Assert.Equal(20, model.MaxPassTokens);
        Assert.Equal(80, model.Encode([.. Sequence(20).Tokens]).Length);
    }

    [Fact]
    public void PaddedBatchGivesZerosForPaddingAndTheRestAsWithout()
    {
        using var model = new FakeEncoder();
        int[,] tokens = { { 3, 5, 99, -1 }, { -7, 2, 4, 6 } };
        int[,] mask = { { 1, 1, 0, 0 }, { 0, 1, 1, 1 } };
        int[,] types = { { 0, 1, 9, 9 }, { 9, 1, 1, 0 } };
        float[] zeros = [0, 0, 0, 0];
        Assert.Equal([.. model.Encode([3, 5], [0, 1]), .. zeros, .. zeros, .. zeros, .. model.Encode([2, 4, 6], [1, 1, 0])], model.EncodePadded(tokens, mask, types));
    }

    [Fact]
    public void HeadsAreAskedForTheirRowsOnly()
    {
        using var model = new FakeEncoder();
        Assert.Equal([3003, 3000, 3000, 3008], model.Pool([3, 5]));
        Assert.Equal([[4003, 4000, 4000], [4009, 4000, 4000]], model.LabelLogits([new([3, 5]), new([9])]));
        float[] logits = model.Logits([3, 5]);
        Assert.Equal(20, logits.Length);
        Assert.Equal([1003, 1000, 1000, 1008, 1003, 1000, 1000, 1008, 1003, 1000], logits[..10]);
        Assert.Equal([1005, 1000, 1001, 1008, 1005, 1000, 1001, 1008, 1005, 1000], logits[10..]);
    }

    [Fact]
    public void EmbeddingsAreMeansOrFirstStatesOfLengthOne()
    {
        using var model = new FakeEncoder();
        EncoderInput[] inputs = [new([3, 5]), new([4])];
        Assert.Equal([[4, 0, 0.5f, 8], [4, 0, 0, 4]], model.Embed(inputs, new PoolingDescription(PoolingKind.Mean, Normalize: false)));
        Assert.Equal([[3, 0, 0, 8], [4, 0, 0, 4]], model.Embed(inputs, new PoolingDescription(PoolingKind.First, Normalize: false)));
        float[] normalized = model.Embed(inputs)[1];
        Assert.Equal([MathF.Sqrt(0.5f), 0, 0, MathF.Sqrt(0.5f)], normalized);
        using var first = new FakeEncoder(FakeEncoder.Architecture with { Pooling = new PoolingDescription(PoolingKind.First, Normalize: false) });
        Assert.Equal([3, 0, 0, 8], first.Embed(inputs)[0]);
    }

    [Fact]
    public void ZeroVectorStaysZeroWhenNormalized()
    {
        using var model = new FakeEncoder();
        Assert.Equal([0, 0, 0, 0], model.Embed([new EncoderInput([0])])[0]);
    }

    [Fact]
    public void EveryMaskTokenGetsItsCandidatesBestFirst()
    {
        using var model = new FakeEncoder();
        IReadOnlyList<MaskedToken> masked = model.FillMask(new EncoderInput([9, 1, 9]), maskToken: 9, top: 4);
        Assert.Equal([0, 2], masked.Select(mask => mask.Position));
        // Logits of the first: 9, 0, 0, 19 and again, so 3 and 7 share the first place.
        Assert.Equal([3, 7, 0, 4], masked[0].Candidates.Select(candidate => candidate.Token));
        Assert.Equal(0.5f, masked[0].Candidates[0].Probability, 1e-4f);
        Assert.Equal("3", masked[0].Candidates[0].Text);
    }

    [Fact]
    public void LabelsGetProbabilities()
    {
        using var model = new FakeEncoder();
        float[] labels = model.Classify([new EncoderInput([1])])[0];
        Assert.Equal(1, labels.Sum(), 1e-6f);
        Assert.Equal(MathF.E, labels[0] / labels[1], 1e-5f);
        using var one = new FakeEncoder(FakeEncoder.Architecture with { Labels = 1 });
        Assert.Equal(1, one.Classify([new EncoderInput([1])])[0][0]);
    }

    [Fact]
    public void VectorsGoInWhereTheModelTakesThem()
    {
        using var model = new FakeEncoder(FakeEncoder.Architecture with { VectorInput = true, TokenTypes = 0 });
        Assert.Equal([10, -1, 0, 36, 26, -1, 1, 36], model.EncodeVectors(new float[,] { { 1, 2, 3, 4 }, { 5, 6, 7, 8 } }));
    }

    [Fact]
    public void DisposedModelSaysSo()
    {
        var model = new FakeEncoder();
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Encode([1]));
    }

    private static EncoderInput Sequence(int length) => new([.. Enumerable.Range(0, length).Select(index => index * 7 % 10)]);
}
