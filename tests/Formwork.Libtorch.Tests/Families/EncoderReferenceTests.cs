using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>The references of encoder-only families hold what every such model holds.</summary>
public class EncoderReferenceTests : FamilyTest
{
    private const int Seed = 5;
    private const double DoubleTolerance = 1e-10;

    public static TheoryData<string> Names => EncoderFamilies.Names;

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void EveryTensorIsUsedAndStatesAreOfOrdinarySize(string name)
    {
        EncoderReference family = EncoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, Seed);
        EncoderInputs inputs = family.Inputs(Seed, 24);

        double[][] results = Results(family, weights, inputs).Select(Numbers).ToArray();

        Assert.Equal(family.Tensors.Where(entry => entry.IsUnread).Select(entry => entry.Name).Order(StringComparer.Ordinal), weights.Unused);
        Assert.All(results, numbers => Assert.InRange(numbers.Average(Math.Abs), 0.01, 100));
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void PaddingChangesNothing(string name)
    {
        EncoderReference family = EncoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64);
        EncoderInputs inputs = family.Inputs(Seed, 9, 24, 1, 17);

        Tensor[] together = Results(family, weights, inputs, padding: 3);

        for (int row = 0; row < inputs.Lengths.Length; row++)
        {
            Tensor[] alone = Results(family, weights, inputs.Pick(row));
            foreach ((Tensor one, Tensor all) in alone.Zip(together))
                Agree(Numbers(one), Numbers(one.dim() == 3 ? all[row].slice(0, 0, inputs.Lengths[row], 1) : all[row]), DoubleTolerance);
        }
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void EveryTokenSeesWhatIsBehindIt(string name)
    {
        EncoderReference family = EncoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64);
        EncoderInputs inputs = family.Inputs(Seed, 20), changed = inputs with
        {
            Tokens = inputs.Tokens.Select(row => row[..^1].Append((row[^1] + 1) % 64).ToArray()).ToArray(),
            Rows = inputs.Rows.Select(row => row.Select((value, i) => i >= 19 * inputs.Width ? -value : value).ToArray()).ToArray(),
        };

        Tensor before = Results(family, weights, inputs)[0][0], after = Results(family, weights, changed)[0][0];

        for (int token = 0; token < 20; token++)
            Assert.InRange(Difference(Numbers(before[token]), Numbers(after[token])), 1e-4, 10);
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void TypesMatterWhereThereAreSome(string name)
    {
        EncoderReference family = EncoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64);
        EncoderInputs inputs = family.Inputs(Seed, 12), others = inputs with { Types = [Enumerable.Repeat(1, 12).ToArray()] };

        double difference = Difference(Numbers(Results(family, weights, inputs)[0]), Numbers(Results(family, weights, others)[0]));

        if (family.HasTypes)
            Assert.True(difference > 1e-2);
        else
            Assert.Equal(0, difference);
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void SingleAndDoublePrecisionAgree(string name)
    {
        EncoderReference family = EncoderFamilies.Named(name);
        EncoderInputs inputs = family.Inputs(Seed, 24, 7);

        Tensor[] exact = Results(family, TinyWeights.Draw(family, Seed, ScalarType.Float64), inputs);

        foreach ((Tensor expected, Tensor found) in exact.Zip(Results(family, TinyWeights.Draw(family, Seed), inputs)))
            Agree(Numbers(inputs.WithoutPadding(expected)), Numbers(inputs.WithoutPadding(found)), SingleTolerance / 3);
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void TheWrittenCheckpointHoldsTheDrawnNumbers(string name)
    {
        EncoderReference family = EncoderFamilies.Named(name);
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder.Path, family, Seed);

        using Checkpoint checkpoint = Checkpoint.Open(folder.Path);

        Assert.Equal(family.Tensors.Select(entry => entry.Name).Order(), checkpoint.Tensors.Keys.Order());
        Assert.All(family.Tensors, entry => Assert.Equal(entry.Draw(Seed), checkpoint.Read(entry.Name)));
        Assert.All(family.OtherFiles.Keys, file => Assert.True(File.Exists(folder.File(file))));
    }

    /// <summary>States, and whatever else the family has.</summary>
    private static Tensor[] Results(EncoderReference family, TinyWeights weights, EncoderInputs inputs, int padding = 0)
    {
        Tensor states = family.HiddenStates(weights, inputs.Padded(weights.Type, padding), inputs.Mask, inputs.PaddedTypes);
        var results = new List<Tensor> { states };
        if (family.HasPooler)
            results.Add(family.Pooled(weights, states));
        if (family.HasMaskedLanguageModel)
            results.Add(family.MaskedLanguageModelLogits(weights, states));
        if (family.HasLabels)
            results.Add(family.Labels(weights, states));
        return [.. results];
    }
}
