using System.Text.Json;
using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Encoders;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>The reference of BERT against numbers that another program, in NumPy and float64, found for a stored checkpoint.</summary>
public class TinyBertGoldenTests : FamilyTest
{
    [LibtorchDataFact("tiny-bert-random")]
    public void TheReferenceAgreesWithTheRecordedNumbers()
    {
        var config = (JsonObject)JsonNode.Parse(File.ReadAllText(TestData.Path("tiny-bert-random", "config.json")))!;
        var family = new BertReference("tiny-bert-random", config);
        using Checkpoint checkpoint = Checkpoint.Open(TestData.Path("tiny-bert-random"));
        TinyWeights weights = TinyWeights.Read(checkpoint, ScalarType.Float64);
        TinyBertGolden[] goldens = TinyBertGolden.Read();

        foreach (TinyBertGolden golden in goldens)
        {
            Tensor tokens = tensor(golden.InputIds, [1, golden.InputIds.Length]), mask = tensor(golden.AttentionMask, [1, golden.AttentionMask.Length]);
            Tensor states = family.HiddenStates(weights, tokens, mask, zeros_like(tokens))[0];
            Tensor told = states[mask[0].ne(0)], mean = told.mean([0]);
            Agree(golden.States, Numbers(told), 1e-6);
            Agree(golden.MeanPooledL2, Numbers(mean / mean.norm()), 1e-6);
        }
        Assert.Equal(3, goldens.Length);
    }
}
