using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.EncoderDecoders;
using Formwork.Libtorch.Tests.Families.Encoders;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>
/// Every value of a config.json that makes a family what it is shows in the results by far more than agreement allows: whoever reads such a
/// config and overlooks one cannot agree.
/// </summary>
public class EncoderConfigTests : FamilyTest
{
    private const int Seed = 13;

    [LibtorchTheory]
    [InlineData("bert", "hidden_act", "\"gelu_new\"")]
    [InlineData("bert", "layer_norm_eps", "0.001")]
    [InlineData("bert", "num_attention_heads", "8")]
    [InlineData("roberta", "pad_token_id", "0")]
    [InlineData("distilbert", "activation", "\"relu\"")]
    [InlineData("distilbert", "n_heads", "4")]
    [InlineData("modernbert", "norm_eps", "0.001")]
    [InlineData("modernbert", "global_attn_every_n_layers", "2")]
    [InlineData("modernbert", "global_rope_theta", "10000.0")]
    [InlineData("modernbert", "local_rope_theta", "1000.0")]
    [InlineData("modernbert", "local_attention", "6")]
    [InlineData("modernbert", "hidden_activation", "\"silu\"")]
    [InlineData("modernbert", "classifier_activation", "\"silu\"")]
    [InlineData("nomic_bert", "rotary_emb_base", "10000")]
    [InlineData("nomic_bert", "rotary_emb_fraction", "0.5")]
    [InlineData("vit", "layer_norm_eps", "0.001")]
    public void AnEncodersConfigMatters(string name, string key, string value)
    {
        EncoderReference family = EncoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64);
        EncoderInputs inputs = family.Inputs(Seed, family.TakesVectors ? 26 : 40);

        double[] before = Result(family), after = Result(Changed(family, key, value));

        Assert.True(Difference(before, after) > 20 * SingleTolerance, $"{key} changes the result by {Difference(before, after):G3} only");

        double[] Result(EncoderReference reference)
        {
            Tensor states = reference.HiddenStates(weights, inputs.Padded(ScalarType.Float64), inputs.Mask, inputs.PaddedTypes);
            return Numbers(reference.HasMaskedLanguageModel ? reference.MaskedLanguageModelLogits(weights, states) : states);
        }
    }

    [LibtorchTheory]
    [InlineData("t5", "layer_norm_epsilon", "0.001")]
    [InlineData("t5", "relative_attention_max_distance", "24")]
    [InlineData("bart", "activation_function", "\"relu\"")]
    [InlineData("bart", "scale_embedding", "true")]
    [InlineData("bart", "encoder_attention_heads", "2")]
    [InlineData("bart", "decoder_attention_heads", "4")]
    [InlineData("mbart", "scale_embedding", "false")]
    [InlineData("marian", "activation_function", "\"gelu\"")]
    [InlineData("marian", "scale_embedding", "false")]
    [InlineData("nllb", "scale_embedding", "false")]
    [InlineData("nllb", "pad_token_id", "0")]
    public void AnEncoderDecodersConfigMatters(string name, string key, string value)
    {
        EncoderDecoderReference family = EncoderDecoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64);
        EncoderInputs source = family.Sources(Seed, 40);
        Tensor target = tensor(RandomTokens(30, family.TargetVocabulary, Seed).Select(id => (long)id).ToArray(), [1, 30]);

        double[] before = Result(family), after = Result(Changed(family, key, value));

        Assert.True(Difference(before, after) > 20 * SingleTolerance, $"{key} changes the result by {Difference(before, after):G3} only");

        double[] Result(EncoderDecoderReference reference) => Numbers(reference.Logits(weights, source.Padded(ScalarType.Float64), source.Mask, target));
    }

    private static EncoderReference Changed(EncoderReference family, string key, string value)
    {
        JsonObject config = Changed(family.Config, key, value);
        return family switch
        {
            BertReference => new BertReference(family.Name, config),
            RobertaReference => new RobertaReference(family.Name, config),
            DistilBertReference => new DistilBertReference(family.Name, config),
            ModernBertReference => new ModernBertReference(family.Name, config),
            NomicBertReference => new NomicBertReference(family.Name, config),
            _ => new VitReference(family.Name, config),
        };
    }

    private static EncoderDecoderReference Changed(EncoderDecoderReference family, string key, string value)
    {
        JsonObject config = Changed(family.Config, key, value);
        return family switch
        {
            T5Reference => new T5Reference(family.Name, config),
            BartReference => new BartReference(family.Name, config),
            MarianReference => new MarianReference(family.Name, config),
            _ => new M2M100Reference(family.Name, config),
        };
    }

    private static JsonObject Changed(JsonObject config, string key, string value)
    {
        var changed = (JsonObject)config.DeepClone();
        changed[key] = JsonNode.Parse(value);
        return changed;
    }
}
