using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>The references of decoder-only families hold what every such model holds.</summary>
public class DecoderReferenceTests : FamilyTest
{
    private const int Seed = 3;
    private const double DoubleTolerance = 1e-10;

    public static TheoryData<string> Names => DecoderFamilies.Names;

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void EveryTensorIsUsedAndLogitsAreOfOrdinarySize(string name)
    {
        DecoderReference family = DecoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, Seed);
        (Tensor tokens, Tensor mask) = Padded([Prompt(family, 40, 1)]);

        double[] logits = Numbers(family.Logits(weights, tokens, mask));

        Assert.Equal(family.Tensors.Where(entry => entry.IsUnread).Select(entry => entry.Name).Order(StringComparer.Ordinal), weights.Unused);
        Assert.InRange(logits.Average(Math.Abs), 0.01, 100);
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void PaddingOnEitherSideChangesNothing(string name)
    {
        DecoderReference family = DecoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64);
        int[][] prompts = [Prompt(family, 23, 1), Prompt(family, 40, 2), Prompt(family, 17, 3)];
        (Tensor rightTokens, Tensor rightMask) = Padded(prompts);
        (Tensor leftTokens, Tensor leftMask) = Padded(prompts, padding: 7, left: true);

        Tensor right = family.Logits(weights, rightTokens, rightMask), left = family.Logits(weights, leftTokens, leftMask);

        for (int row = 0; row < prompts.Length; row++)
        {
            (Tensor tokens, Tensor mask) = Padded([prompts[row]]);
            double[] alone = Numbers(family.Logits(weights, tokens, mask));
            Agree(alone, Numbers(right[row].slice(0, 0, prompts[row].Length, 1)), DoubleTolerance);
            Agree(alone, Numbers(left[row].slice(0, 40 - prompts[row].Length, 40, 1)), DoubleTolerance);
        }
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void ATokenChangesNothingBeforeItAndSomethingAfter(string name)
    {
        DecoderReference family = DecoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64);
        int[] prompt = Prompt(family, 40, 1), changed = [.. prompt];
        changed[25] = (changed[25] + 1) % family.Config.Integer("vocab_size");

        double[][] logits = new[] { prompt, changed }.Select(ids =>
        {
            (Tensor tokens, Tensor mask) = Padded([ids]);
            return Numbers(family.Logits(weights, tokens, mask));
        }).ToArray();

        int before = 25 * family.Config.Integer("vocab_size");
        Assert.Equal(0, Difference(logits[0][..before], logits[1][..before]), 1e-12);
        Assert.True(Difference(logits[0][before..], logits[1][before..]) > 1e-2);
        Assert.True(Difference(logits[0][(before + 96)..], logits[1][(before + 96)..]) > 1e-3);
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void SingleAndDoublePrecisionAgree(string name)
    {
        DecoderReference family = DecoderFamilies.Named(name);
        (Tensor tokens, Tensor mask) = Padded([Prompt(family, 40, 1), Prompt(family, 9, 2)]);

        double[] exact = Numbers(family.Logits(TinyWeights.Draw(family, Seed, ScalarType.Float64), tokens, mask));

        Agree(exact, Numbers(family.Logits(TinyWeights.Draw(family, Seed), tokens, mask)), SingleTolerance / 3);
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void TheWrittenCheckpointHoldsTheDrawnNumbers(string name)
    {
        DecoderReference family = DecoderFamilies.Named(name);
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder.Path, family, Seed, shards: name == "llama3" ? 3 : 1);

        using Checkpoint checkpoint = Checkpoint.Open(folder.Path);

        Assert.Equal(family.Tensors.Select(entry => entry.Name).Order(), checkpoint.Tensors.Keys.Order());
        foreach (TinyTensor entry in family.Tensors)
        {
            Assert.Equal(entry.Shape.Select(size => (long)size), checkpoint.Tensors[entry.Name].Shape);
            Assert.Equal(entry.Draw(Seed), checkpoint.Read(entry.Name));
        }
    }

    private static int[] Prompt(DecoderReference family, int length, int seed) => RandomTokens(length, family.Config.Integer("vocab_size"), seed);
}
