using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>The references of encoder-decoder families hold what every such model holds.</summary>
public class EncoderDecoderReferenceTests : FamilyTest
{
    private const int Seed = 7;
    private const double DoubleTolerance = 1e-10;

    public static TheoryData<string> Names => EncoderDecoderFamilies.Names;

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void EveryTensorIsUsedAndLogitsAreOfOrdinarySize(string name)
    {
        EncoderDecoderReference family = EncoderDecoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, Seed);
        EncoderInputs source = family.Sources(Seed, 25);

        double[] logits = Numbers(family.Logits(weights, source.Padded(weights.Type), source.Mask, Target(family, 1, 22)));

        Assert.Equal(family.Tensors.Where(entry => entry.IsUnread).Select(entry => entry.Name).Order(StringComparer.Ordinal), weights.Unused);
        Assert.InRange(logits.Average(Math.Abs), 0.01, 100);
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void PaddingOfSourcesChangesNothing(string name)
    {
        EncoderDecoderReference family = EncoderDecoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64);
        EncoderInputs sources = family.Sources(Seed, 5, 25, 1, 13);
        Tensor target = Target(family, 4, 10);

        DecoderPass together = Run(family, weights, sources, target, padding: 4);

        for (int row = 0; row < 4; row++)
        {
            DecoderPass alone = Run(family, weights, sources.Pick(row), target.slice(0, row, row + 1, 1));
            Agree(Numbers(alone.Logits), Numbers(together.Logits[row]), DoubleTolerance);
            foreach ((Tensor one, Tensor all) in alone.CrossAttention.Zip(together.CrossAttention))
            {
                int length = sources.Lengths[row];
                Agree(Numbers(one), Numbers(all[row].slice(-1, 0, length, 1)), DoubleTolerance);
                Assert.Equal(0, all[row].slice(-1, length, 25, 1).sum().item<double>());
            }
        }
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void TheDecoderLooksBackAndAtAllOfTheSource(string name)
    {
        EncoderDecoderReference family = EncoderDecoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64);
        EncoderInputs source = family.Sources(Seed, 12), other = source with
        {
            Tokens = source.Tokens.Select(row => row[..^1].Append((row[^1] + 1) % family.SourceVocabulary).ToArray()).ToArray(),
            Rows = source.Rows.Select(row => row.Select((value, i) => i >= 11 * source.Width ? -value : value).ToArray()).ToArray(),
        };
        Tensor target = Target(family, 1, 15), changed = target.clone();
        changed[0, 9] = (target[0, 9] + 1) % family.TargetVocabulary;

        Tensor logits = Run(family, weights, source, target).Logits[0];
        Tensor withChange = Run(family, weights, source, changed).Logits[0], ofOther = Run(family, weights, other, target).Logits[0];

        Assert.Equal(0, Difference(Numbers(logits.slice(0, 0, 9, 1)), Numbers(withChange.slice(0, 0, 9, 1))), 1e-12);
        for (int token = 9; token < 15; token++)
            Assert.InRange(Difference(Numbers(logits[token]), Numbers(withChange[token])), 1e-4, 10);
        for (int token = 0; token < 15; token++)
            Assert.InRange(Difference(Numbers(logits[token]), Numbers(ofOther[token])), 1e-4, 10);
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void EachTokenSpreadsItsAttentionOverTheSource(string name)
    {
        EncoderDecoderReference family = EncoderDecoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64);

        DecoderPass pass = Run(family, weights, family.Sources(Seed, 8, 11), Target(family, 2, 6));

        Assert.All(pass.CrossAttention, pattern =>
        {
            Assert.Equal([2, 6, 11], new[] { pattern.shape[0], pattern.shape[2], pattern.shape[3] });
            Assert.All(Numbers(pattern.sum(-1)), sum => Assert.Equal(1, sum, 1e-12));
        });
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void SingleAndDoublePrecisionAgree(string name)
    {
        EncoderDecoderReference family = EncoderDecoderFamilies.Named(name);
        EncoderInputs sources = family.Sources(Seed, 25, 8);
        Tensor target = Target(family, 2, 22);

        double[] exact = Numbers(Run(family, TinyWeights.Draw(family, Seed, ScalarType.Float64), sources, target).Logits);

        Agree(exact, Numbers(Run(family, TinyWeights.Draw(family, Seed), sources, target).Logits), SingleTolerance / 3);
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void TheWrittenCheckpointHoldsTheDrawnNumbers(string name)
    {
        EncoderDecoderReference family = EncoderDecoderFamilies.Named(name);
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder.Path, family, Seed);

        using Checkpoint checkpoint = Checkpoint.Open(folder.Path);

        Assert.Equal(family.Tensors.Select(entry => entry.Name).Order(), checkpoint.Tensors.Keys.Order());
        Assert.All(family.Tensors, entry => Assert.Equal(entry.Draw(Seed), checkpoint.Read(entry.Name)));
    }

    private static DecoderPass Run(EncoderDecoderReference family, TinyWeights weights, EncoderInputs sources, Tensor target, int padding = 0) =>
        family.Decode(weights, family.Encode(weights, sources.Padded(weights.Type, padding), sources.Mask), sources.Mask, target);

    private static Tensor Target(EncoderDecoderReference family, int batch, int length)
    {
        long[] ids = Enumerable.Range(0, batch).SelectMany(row => RandomTokens(length, family.TargetVocabulary, Seed + row)).Select(id => (long)id).ToArray();
        return tensor(ids, [batch, length]);
    }
}
