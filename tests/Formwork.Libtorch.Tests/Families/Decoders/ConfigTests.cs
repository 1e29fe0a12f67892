using System.Text.Json.Nodes;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Every number of a config.json that makes a family what it is shows in the logits by far more than agreement allows: whoever reads such a
/// config and overlooks one cannot agree.
/// </summary>
public class ConfigTests : FamilyTest
{
    [LibtorchTheory]
    [InlineData("gpt2", "layer_norm_epsilon", "0.01")]
    [InlineData("gpt2", "activation_function", "\"relu\"")]
    [InlineData("llama2", "rms_norm_eps", "0.01")]
    [InlineData("llama2", "rope_theta", "500000.0")]
    [InlineData("llama3", "rope_scaling", "null")]
    [InlineData("llama3", "rope_scaling.factor", "4.0")]
    [InlineData("llama3", "rope_scaling.original_max_position_embeddings", "32")]
    [InlineData("llama3", "rope_scaling.high_freq_factor", "2.0")]
    [InlineData("llama3", "rope_scaling.low_freq_factor", "2.0")]
    [InlineData("mistral", "sliding_window", "11")]
    [InlineData("mistral", "sliding_window", "null")]
    [InlineData("mixtral", "num_experts_per_tok", "1")]
    [InlineData("qwen2_long", "max_window_layers", "2")]
    [InlineData("qwen2_long", "rope_scaling", "null")]
    [InlineData("qwen2_moe", "norm_topk_prob", "true")]
    [InlineData("qwen3_moe", "norm_topk_prob", "false")]
    [InlineData("qwen3_moe", "num_experts_per_tok", "2")]
    [InlineData("gemma", "hidden_activation", "\"gelu\"")]
    [InlineData("gemma2", "attn_logit_softcapping", "null")]
    [InlineData("gemma2", "final_logit_softcapping", "null")]
    [InlineData("gemma2", "query_pre_attn_scalar", "16")]
    [InlineData("gemma2", "sliding_window", "11")]
    [InlineData("gemma3_text", "rope_local_base_freq", "1000000.0")]
    [InlineData("gemma3_text", "rope_theta", "10000.0")]
    [InlineData("gemma3_text", "rope_scaling", "null")]
    [InlineData("gemma3_text", "sliding_window_pattern", "2")]
    [InlineData("gemma3_text", "sliding_window", "9")]
    [InlineData("phi3", "sliding_window", "12")]
    [InlineData("phi3_longrope", "rope_scaling", "null")]
    [InlineData("phi3_longrope", "original_max_position_embeddings", "128")]
    [InlineData("phi3_longrope_short", "rope_scaling", "null")]
    [InlineData("phi4_mini", "rope_scaling.attention_factor", "1.0")]
    [InlineData("phi", "partial_rotary_factor", "0.5")]
    [InlineData("phi", "hidden_act", "\"relu\"")]
    [InlineData("smollm3", "no_rope_layers", "[1, 1, 1, 1, 1]")]
    [InlineData("gpt_oss", "swiglu_limit", "6.5")]
    [InlineData("gpt_oss", "rope_scaling.truncate", "true")]
    [InlineData("gpt_oss", "rope_scaling", "null")]
    [InlineData("gpt_oss", "layer_types", """["full_attention", "sliding_attention", "full_attention", "sliding_attention"]""")]
    [InlineData("deepseek_v2", "routed_scaling_factor", "1.0")]
    [InlineData("deepseek_v2", "topk_group", "4")]
    [InlineData("deepseek_v2", "rope_scaling.mscale_all_dim", "0.5")]
    [InlineData("deepseek_v2", "rope_scaling", "null")]
    [InlineData("deepseek_v3", "norm_topk_prob", "false")]
    [InlineData("deepseek_v3", "topk_group", "3")]
    [InlineData("deepseek_v3", "routed_scaling_factor", "1.0")]
    [InlineData("granite", "attention_multiplier", "0.5")]
    [InlineData("granite", "embedding_multiplier", "1.0")]
    [InlineData("granite", "residual_multiplier", "1.0")]
    [InlineData("granite", "logits_scaling", "1.0")]
    [InlineData("gpt_neox", "rotary_pct", "0.5")]
    [InlineData("gpt_neox", "hidden_act", "\"relu\"")]
    public void AChangedValueShows(string name, string key, string value)
    {
        DecoderReference family = DecoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, seed: 3);
        (Tensor tokens, Tensor mask) = Padded([RandomTokens(40, 96, seed: 1)]);
        double[] before = Numbers(family.Logits(weights, tokens, mask));
        (JsonObject place, string last) = Find(family.Config, key);

        place[last] = JsonNode.Parse(value);
        double[] after = Numbers(family.Logits(weights, tokens, mask));

        Assert.True(Difference(before, after) > 10 * SingleTolerance, $"only {Difference(before, after):G3}");
    }

    private static (JsonObject Place, string Key) Find(JsonObject config, string key) =>
        key.Split('.') is [var outer, var inner] ? (config[outer]!.AsObject(), inner) : (config, key);
}
