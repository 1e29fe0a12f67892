using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>The attention that the references share says what libtorch's own says, where libtorch has it, and what the papers say where not.</summary>
public class AttentionTests : FamilyTest
{
    private const int Batch = 3, Heads = 4, KeyValueHeads = 2, Length = 9, HeadWidth = 6;
    private const double Tolerance = 1e-12;

    private static readonly long[][] Mask = [[1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0, 0, 0, 0], [0, 0, 0, 1, 1, 1, 1, 1, 1]];

    [LibtorchTheory]
    [InlineData(null)]
    [InlineData(4)]
    public void MaskedGroupedHeadsAreScaledDotProductAttention(int? window)
    {
        (Tensor query, Tensor key, Tensor value) = (Random(Heads), Random(KeyValueHeads), Random(KeyValueHeads));
        Tensor mask = tensor(Mask.SelectMany(row => row).ToArray(), Batch, Length), visible = Masks.Causal(mask, window);

        Tensor found = new ScaledAttention().Attend(query, key, value, visible);

        Tensor expected = nn.functional.scaled_dot_product_attention(
            query, key.repeat_interleave(2, 1), value.repeat_interleave(2, 1), visible.expand(-1, Heads, -1, -1));
        Agree(OfTokens(ByHead.Join(expected), mask), OfTokens(found, mask), Tolerance);
    }

    [LibtorchFact]
    public void WithoutPaddingTheMaskIsLibtorchsCausalOne()
    {
        (Tensor query, Tensor key, Tensor value) = (Random(Heads), Random(Heads), Random(Heads));

        Tensor found = new ScaledAttention().Attend(query, key, value, Masks.Causal(ones(Batch, Length, int64)));

        Agree(Numbers(ByHead.Join(nn.functional.scaled_dot_product_attention(query, key, value, is_casual: true))), Numbers(found), Tolerance);
    }

    [LibtorchFact]
    public void PaddingIsMultiheadAttentionsKeyPaddingMask()
    {
        const int Width = Heads * HeadWidth;
        MultiheadAttention module = nn.MultiheadAttention(Width, Heads);
        module.to(float64);
        module.eval();
        Tensor x = randn(Batch, Length, Width, float64);
        Tensor mask = tensor(Mask.SelectMany(row => row).ToArray(), Batch, Length);
        Dictionary<string, Parameter> given = module.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        foreach (Parameter bias in given.Where(entry => entry.Key.EndsWith("bias", StringComparison.Ordinal)).Select(entry => entry.Value))
            nn.init.normal_(bias);

        Tensor[] parts = nn.functional.linear(x, given["in_proj_weight"], given["in_proj_bias"]).chunk(3, -1);
        Tensor attended = new ScaledAttention().Attend(
            ByHead.Split(parts[0], Heads), ByHead.Split(parts[1], Heads), ByHead.Split(parts[2], Heads), Masks.Tokens(mask));
        Tensor found = nn.functional.linear(attended, given["out_proj.weight"], given["out_proj.bias"]);

        Tensor rows = x.transpose(0, 1);
        Tensor expected = module.call(rows, rows, rows, mask.eq(0), false, null!).Item1.transpose(0, 1);
        Agree(OfTokens(expected, mask), OfTokens(found, mask), Tolerance);
    }

    [LibtorchFact]
    public void ABiasIsLibtorchsFloatingMask()
    {
        (Tensor query, Tensor key, Tensor value) = (Random(Heads), Random(Heads), Random(Heads));
        Tensor bias = randn(1, Heads, Length, Length, float64);

        Tensor found = new ScaledAttention { Bias = bias }.Attend(query, key, value, ones(1, 1, Length, Length, @bool));

        Tensor expected = nn.functional.scaled_dot_product_attention(query, key, value, bias.expand(Batch, -1, -1, -1).contiguous());
        Agree(Numbers(ByHead.Join(expected)), Numbers(found), Tolerance);
    }

    [LibtorchFact]
    public void ASinkIsOneMoreKeyWhoseValueIsNothing()
    {
        (Tensor query, Tensor key, Tensor value) = (Random(Heads), Random(Heads), Random(Heads));
        Tensor sinks = randn(Heads, float64), visible = Masks.Causal(ones(Batch, Length, int64));

        Tensor found = new ScaledAttention { Sinks = sinks }.Attend(query, key, value, visible);

        Tensor hidden = zeros(Batch, Heads, Length, Length, float64).masked_fill(visible.logical_not(), double.NegativeInfinity);
        Tensor bias = cat([hidden, sinks.view(1, -1, 1, 1).expand(Batch, -1, Length, 1)], -1);
        Tensor nothing = zeros(Batch, Heads, 1, HeadWidth, float64);
        Tensor expected = nn.functional.scaled_dot_product_attention(query, cat([key, nothing], 2), cat([value, nothing], 2), bias);
        Agree(Numbers(ByHead.Join(expected)), Numbers(found), Tolerance);
        Tensor sums = new ScaledAttention { Sinks = sinks }.Weights(query, key, visible).sum(-1);
        Assert.True(sums.max().item<double>() < 1);
    }

    [LibtorchFact]
    public void ACapBoundsScoresAndKeepsSmallOnes()
    {
        Tensor query = tensor(new double[] { 1, 0, 100, 0 }, 1, 1, 2, 2), key = tensor(new double[] { 1, 0, -1, 0 }, 1, 1, 2, 2);

        Tensor weights = new ScaledAttention { Scale = 1, Cap = 3 }.Weights(query, key, ones(1, 1, 2, 2, @bool));

        double small = 3 * Math.Tanh(1 / 3.0);
        Assert.Equal(1 / (1 + Math.Exp(-2 * small)), weights[0, 0, 0, 0].item<double>(), Tolerance);
        Assert.Equal(1 / (1 + Math.Exp(-6)), weights[0, 0, 1, 0].item<double>(), Tolerance);
    }

    [LibtorchFact]
    public void AWindowOfThreeSeesTheTokenAndTheTwoBefore()
    {
        Tensor visible = Masks.Causal(ones(1, 5, int64), window: 3).to(int32)[0, 0];

        Assert.Equal(
            [1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1],
            visible.contiguous().data<int>().ToArray());
    }

    [LibtorchFact]
    public void PositionsCountTokensOnly() => Assert.Equal(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 4, 4, 4, 4, 0, 0, 0, 0, 1, 2, 3, 4, 5],
        Masks.Positions(tensor(Mask.SelectMany(row => row).ToArray(), Batch, Length)).contiguous().data<long>().ToArray());

    private static Tensor Random(int heads) => randn(Batch, heads, Length, HeadWidth, float64);

    /// <summary>The rows of tokens; those of padding mean nothing.</summary>
    private static double[] OfTokens(Tensor rows, Tensor mask) => Numbers(rows.flatten(0, 1)[mask.flatten().ne(0)]);
}
