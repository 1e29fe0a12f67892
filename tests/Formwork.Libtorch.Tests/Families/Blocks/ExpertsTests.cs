using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>Routers choose and weigh as written; mixing without routing is mixing with it.</summary>
public class ExpertsTests : FamilyTest
{
    private const double Tolerance = 1e-12;

    [LibtorchFact]
    public void TheChosenOnesAreTheLargest()
    {
        Tensor scores = tensor(new[] { 0.1, 0.7, -2, 0.3, 5, 4, 3, 2 }, 2, 4);

        Assert.Equal([0, 1, 0, 1, 1, 1, 0, 0], Numbers(Experts.Largest(scores, 2)));
    }

    [LibtorchFact]
    public void SoftmaxOfTheLargestIsTheirShareOfSoftmax()
    {
        Tensor logits = randn(5, 7, float64);

        double[] own = Numbers(Experts.SoftmaxOfLargest(logits, 3));

        Agree(own, Numbers(Experts.LargestOfSoftmax(logits, 3, renormalize: true)), Tolerance);
        Assert.True(Difference(own, Numbers(Experts.LargestOfSoftmax(logits, 3, renormalize: false))) > 0.1);
    }

    [LibtorchFact]
    public void MixingIsRouting()
    {
        Tensor x = randn(2, 5, 6, float64), matrices = randn(4, 6, 6, float64);
        Tensor weights = Experts.SoftmaxOfLargest(randn(2, 5, 4, float64), 2);

        Tensor found = Experts.Mix(x, weights, (expert, rows) => rows.matmul(matrices[expert]).tanh());

        Tensor expected = zeros_like(x);
        for (int row = 0; row < 10; row++)
        {
            Tensor token = x.view(10, 6)[row];
            for (int expert = 0; expert < 4; expert++)
            {
                double weight = weights.view(10, 4)[row, expert].item<double>();
                if (weight != 0)
                    expected.view(10, 6)[row].add_(token.matmul(matrices[expert]).tanh() * weight);
            }
        }
        Agree(Numbers(expected), Numbers(found), Tolerance);
    }
}
