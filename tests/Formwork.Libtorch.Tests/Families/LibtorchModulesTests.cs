using Formwork.Libtorch.Tests.Families.Blocks;
using Formwork.Libtorch.Tests.Families.EncoderDecoders;
using Formwork.Libtorch.Tests.Families.Encoders;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>Where libtorch has a whole module that says what a reference says, both agree, with the same numbers copied in.</summary>
public class LibtorchModulesTests : FamilyTest
{
    private const int Seed = 11;
    private const double Tolerance = 1e-10;

    [LibtorchFact]
    public void BertsLayersAreEncoderLayers()
    {
        BertReference bert = BertReference.MiniLm();
        TinyWeights weights = TinyWeights.Draw(bert, Seed, ScalarType.Float64);
        EncoderInputs inputs = EncoderInputs.OfTokens(90, 2, Seed, 21, 8);
        TransformerEncoderLayer layer = nn.TransformerEncoderLayer(32, 4, 72, dropout: 0, nn.Activations.GELU);
        layer.eval();

        // The module's norms have an epsilon of 1e-5, which cannot be changed; so it is BERT's here.
        Tensor visible = Masks.Tokens(inputs.Mask);
        Tensor x = BertParts.Embed(weights.Below("embeddings."), inputs.Padded(ScalarType.Float64), Masks.Positions(inputs.Mask), inputs.PaddedTypes, 1e-5);
        Tensor y = x.transpose(0, 1);
        for (int number = 0; number < 3; number++)
        {
            TinyWeights tensors = weights.Below($"encoder.layer.{number}.");
            ModuleWeights.Fill(layer, name => tensors[BertName(name)]);
            x = BertParts.Layer(x, tensors, 4, "gelu", 1e-5, visible);
            y = layer.call(y, null!, inputs.Mask.eq(0));
            Agree(Numbers(inputs.WithoutPadding(x)), Numbers(inputs.WithoutPadding(y.transpose(0, 1))), Tolerance);
        }
    }

    [LibtorchFact]
    public void ThePapersStacksAreLibtorchsEncoderAndDecoder()
    {
        VaswaniReference family = VaswaniReference.Paper();
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64);
        EncoderInputs sources = EncoderInputs.OfTokens(71, 1, Seed, 14, 9);
        Tensor source = sources.Padded(ScalarType.Float64), target = tensor(RandomTokens(20, 71, Seed).Select(id => (long)id).ToArray(), [2, 10]);
        Tensor hidden = sources.Mask.eq(0);
        TransformerEncoder encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(32, 4, 64, dropout: 0), 2);
        TransformerDecoder decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(32, 4, 64, dropout: 0), 2);
        ModuleWeights.Fill(encoder, name => weights[ModuleWeights.CanonicalName("encoder." + name)]);
        ModuleWeights.Fill(decoder, name => weights[ModuleWeights.CanonicalName("decoder." + name)]);

        Tensor memory = family.Encode(weights, source, sources.Mask);
        Tensor states = encoder.call(family.Embed(weights, source, Masks.Positions(sources.Mask)).transpose(0, 1), null!, hidden);
        Tensor decoded = decoder.call(
            family.Embed(weights, target, arange(10).unsqueeze(0)).transpose(0, 1), states, CausalMask(10), null!, null!, hidden);

        Agree(Numbers(sources.WithoutPadding(memory)), Numbers(sources.WithoutPadding(states.transpose(0, 1))), Tolerance);
        Agree(Numbers(family.Decode(weights, memory, sources.Mask, target).Logits), Numbers(VaswaniReference.Project(weights, decoded.transpose(0, 1))), Tolerance);
    }

    [LibtorchFact]
    public void WithNormsBehindTheStacksItIsLibtorchsTransformer()
    {
        VaswaniReference family = VaswaniReference.Libtorch();
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64);
        EncoderInputs sources = EncoderInputs.OfTokens(71, 1, Seed, 14, 9);
        Tensor source = sources.Padded(ScalarType.Float64), target = tensor(RandomTokens(20, 71, Seed).Select(id => (long)id).ToArray(), [2, 10]);

        Tensor logits = LibtorchTransformer.Logits(family, weights, source, sources.Mask, target);

        Agree(Numbers(logits), Numbers(family.Logits(weights, source, sources.Mask, target)), Tolerance);
    }

    [LibtorchFact]
    public void CrossAttentionIsLibtorchsMultiheadAttention()
    {
        VaswaniReference family = VaswaniReference.Paper();
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64).Below("decoder.layers.1.cross_attention.");
        MultiheadAttention attention = nn.MultiheadAttention(32, 4);
        ModuleWeights.Fill(attention, name => weights[ModuleWeights.AttentionName(name)]);
        Tensor x = randn([6, 1, 32], float64), memory = randn([9, 1, 32], float64);

        (Tensor output, Tensor pattern) = attention.call(x, memory, memory, null!, true, null!);
        (Tensor ours, Tensor byHead) = new SeparateAttention(4, "query", "key", "value", "output")
            .Run(x.transpose(0, 1), memory.transpose(0, 1), weights, ones(1, 1, 1, 9, dtype: ScalarType.Bool));

        Agree(Numbers(output.transpose(0, 1)), Numbers(ours), Tolerance);
        // libtorch gives the mean over heads.
        Agree(Numbers(pattern), Numbers(byHead.mean([1])), Tolerance);
    }

    private static Tensor CausalMask(int length) => triu(full(length, length, double.NegativeInfinity, float64), 1);

    private static string BertName(string name)
    {
        string kind = name[(name.LastIndexOf('.') + 1)..];
        return name switch
        {
            _ when ModuleWeights.AttentionPart(name) is { } part => $"attention.{(part == "output" ? "output.dense" : $"self.{part}")}.{kind}",
            _ when name.StartsWith("linear1.", StringComparison.Ordinal) => $"intermediate.dense.{kind}",
            _ when name.StartsWith("linear2.", StringComparison.Ordinal) => $"output.dense.{kind}",
            _ when name.StartsWith("norm1.", StringComparison.Ordinal) => $"attention.output.LayerNorm.{kind}",
            _ => $"output.LayerNorm.{kind}",
        };
    }
}
