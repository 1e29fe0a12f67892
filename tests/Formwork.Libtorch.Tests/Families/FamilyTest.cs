using Formwork.TestSupport.Libtorch;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>What tests of families share: no gradients, tensors freed at the end, prompts with padding, and how close is close.</summary>
public abstract class FamilyTest : IDisposable
{
    /// <summary>
    /// How far float32 may be from a reference, relative to the largest number. 1e-4 is what is promised; sums in another order differ by less
    /// than 1e-6, and at a tenth of the promise even one gelu in place of the other is seen.
    /// </summary>
    protected const double SingleTolerance = 1e-5;

    private readonly DisposeScope _scope;
    private readonly IDisposable _noGradients;

    protected FamilyTest()
    {
        LibtorchLoader.Prepare();
        // Its threads wait by turning in a circle, which takes whole minutes where the processor has other work; and these tensors are small.
        set_num_threads(1);
        _scope = NewDisposeScope();
        _noGradients = no_grad();
    }

    /// <summary>So many random ids, the same for the same seed.</summary>
    protected static int[] RandomTokens(int count, int vocabulary, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => random.Next(vocabulary)).ToArray();
    }

    /// <summary>Prompts of several lengths as one batch: ids with padding after the shorter ones (or before them), and the mask.</summary>
    protected static (Tensor Tokens, Tensor Mask) Padded(IReadOnlyList<int[]> prompts, int padding = 0, bool left = false)
    {
        int length = prompts.Max(prompt => prompt.Length);
        var tokens = new long[prompts.Count * length];
        var mask = new long[tokens.Length];
        Array.Fill(tokens, padding);
        for (int row = 0; row < prompts.Count; row++)
        {
            int first = row * length + (left ? length - prompts[row].Length : 0);
            for (int i = 0; i < prompts[row].Length; i++)
                (tokens[first + i], mask[first + i]) = (prompts[row][i], 1);
        }
        return (tensor(tokens, prompts.Count, length), tensor(mask, prompts.Count, length));
    }

    /// <summary>A tensor's numbers.</summary>
    protected static double[] Numbers(Tensor values) => values.to(float64).contiguous().data<double>().ToArray();

    /// <summary>The same numbers, wider.</summary>
    protected static double[] Numbers(ReadOnlySpan<float> values) => values.ToArray().Select(value => (double)value).ToArray();

    /// <summary>Requires that numbers differ by no more than a part of the largest expected one.</summary>
    protected static void Agree(double[] expected, double[] found, double tolerance = SingleTolerance, string what = "numbers")
    {
        Assert.Equal(expected.Length, found.Length);
        double difference = Difference(expected, found);
        Assert.True(difference <= tolerance, $"{what} differ by {difference:G3} of the largest, {expected.Max(Math.Abs):G3}");
    }

    /// <summary>The largest difference as a part of the largest expected number; infinite where something is no number.</summary>
    protected static double Difference(double[] expected, double[] found)
    {
        double difference = expected.Zip(found, (a, b) => double.IsFinite(a - b) ? Math.Abs(a - b) : double.PositiveInfinity).Max();
        return difference / expected.Max(Math.Abs);
    }

    public void Dispose()
    {
        _noGradients.Dispose();
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }
}
