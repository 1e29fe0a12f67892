using Formwork.Training.Evaluation;
using Xunit;

namespace Formwork.Training.Tests.Evaluation;

public class AccuracyTests
{
    [Fact]
    public void TokensCountOneByOneAndPartsAddUp()
    {
        Accuracy whole = Accuracy.OfTokens([1, 2, 3], [1, 5, 3]) + Accuracy.OfTokens([4], [4]);
        Assert.Equal(new Accuracy(3, 4), whole);
        Assert.Equal(0.75, whole.Value);
    }

    [Fact]
    public void ASequenceIsRightOnlyWhereAllOfItIs() =>
        Assert.Equal(new Accuracy(1, 4), Accuracy.OfSequences([[1, 2], [1, 2], [1], []], [[1, 2], [1, 3], [1, 2], [1]]));

    [Fact]
    public void NothingIsNeitherRightNorWrong() => Assert.True(double.IsNaN(default(Accuracy).Value));

    [Fact]
    public void UnequalCountsAreRefused()
    {
        Assert.Throws<ArgumentException>(() => Accuracy.OfTokens([1], []));
        Assert.Throws<ArgumentException>(() => Accuracy.OfSequences([], [[1]]));
    }
}
