using Formwork.Training.Evaluation;
using Xunit;

namespace Formwork.Training.Tests.Evaluation;

public class PerplexityTests
{
    [Fact]
    public void PureChanceIsAsPerplexAsTheVocabularyIsLarge() =>
        Assert.Equal(65, new Perplexity(10 * Math.Log(65), 10).Value, 10);

    [Fact]
    public void PartsAddUpByTheirTokens()
    {
        Perplexity whole = new Perplexity(2, 1) + new Perplexity(1, 2);

        Assert.Equal(1, whole.Loss);
        Assert.Equal(Math.E, whole.Value, 12);
    }

    [Fact]
    public void ABitForEachBitIsEightAByte() => Assert.Equal(8, new Perplexity(3 * 8 * Math.Log(2), 1).BitsPerByte(3), 12);

    [Fact]
    public void NothingForetoldIsNoNumber() => Assert.True(double.IsNaN(default(Perplexity).Value));
}
