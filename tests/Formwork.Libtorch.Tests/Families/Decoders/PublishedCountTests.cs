using System.Text.Json.Nodes;
using Xunit;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// With the dimensions of a published checkpoint a reference names as many parameters as that checkpoint is published with (the hub's count of
/// its safetensors; tied matrices once), so no tensor is forgotten and none is thought up.
/// </summary>
public class PublishedCountTests
{
    /// <summary>The model, its family here, its dimensions, its parameters.</summary>
    public static TheoryData<string, string, string, long> Models => new()
    {
        { "GPT-2", "gpt2", """{ "n_embd": 768, "n_head": 12, "n_layer": 12, "n_positions": 1024, "vocab_size": 50257 }""", 124_439_808 },
        { "Llama 2 7B", "llama2", Dimensions(4096, 11008, 32, 32, 32, 32000), 6_738_415_616 },
        { "Llama 3.2 1B", "llama3", Dimensions(2048, 8192, 32, 8, 16, 128256, """ "head_dim": 64 """), 1_235_814_400 },
        { "Mistral 7B v0.1", "mistral", Dimensions(4096, 14336, 32, 8, 32, 32000), 7_241_732_096 },
        { "Mixtral 8x7B", "mixtral", Dimensions(4096, 14336, 32, 8, 32, 32000), 46_702_792_704 },
        { "Qwen2.5 0.5B", "qwen2", Dimensions(896, 4864, 14, 2, 24, 151936), 494_032_768 },
        {
            "Qwen1.5 MoE A2.7B", "qwen2_moe",
            Dimensions(2048, 5632, 16, 16, 24, 151936, """ "num_experts": 60, "moe_intermediate_size": 1408, "shared_expert_intermediate_size": 5632 """),
            14_315_784_192
        },
        { "Qwen3 0.6B", "qwen3", Dimensions(1024, 3072, 16, 8, 28, 151936, """ "head_dim": 128 """), 596_049_920 },
        {
            "Qwen3 30B A3B", "qwen3_moe",
            Dimensions(2048, 6144, 32, 4, 48, 151936, """ "head_dim": 128, "num_experts": 128, "moe_intermediate_size": 768, "mlp_only_layers": [] """),
            30_532_122_624
        },
        { "Gemma 2B", "gemma", Dimensions(2048, 16384, 8, 1, 18, 256000, """ "head_dim": 256 """), 2_506_172_416 },
        { "Gemma 2 2B", "gemma2", Dimensions(2304, 9216, 8, 4, 26, 256000, """ "head_dim": 256 """), 2_614_341_888 },
        { "Gemma 3 1B", "gemma3_text", Dimensions(1152, 6912, 4, 1, 26, 262144, """ "head_dim": 256 """), 999_885_952 },
        { "Phi-3-mini", "phi3", Dimensions(3072, 8192, 32, 32, 32, 32064), 3_821_079_552 },
        { "Phi-4-mini", "phi4_mini", Dimensions(3072, 8192, 24, 8, 32, 200064), 3_836_021_760 },
        { "Phi-2", "phi", Dimensions(2560, 10240, 32, 32, 32, 51200), 2_779_683_840 },
        { "SmolLM3 3B", "smollm3", Dimensions(2048, 11008, 16, 4, 36, 128256), 3_075_098_624 },
        { "OLMo 2 7B", "olmo2", Dimensions(4096, 11008, 32, 32, 32, 100352), 7_298_617_344 },
        { "gpt-oss-20b", "gpt_oss", Dimensions(2880, 2880, 64, 8, 24, 201088, """ "head_dim": 64, "num_local_experts": 32 """), 20_914_757_184 },
        {
            "DeepSeek-V2-Lite", "deepseek_v2_lite",
            Dimensions(2048, 10944, 16, 16, 27, 102400, $""" {Latent}, "moe_intermediate_size": 1408, "n_routed_experts": 64 """),
            15_706_484_224
        },
        {
            "DeepSeek-V3", "deepseek_v3",
            Dimensions(7168, 18432, 128, 128, 61, 129280,
                $""" {Latent}, "q_lora_rank": 1536, "moe_intermediate_size": 2048, "n_routed_experts": 256, "first_k_dense_replace": 3 """),
            671_026_419_200
        },
        { "Granite 3.1 2B", "granite", Dimensions(2048, 8192, 32, 8, 40, 49155), 2_533_531_648 },
        { "BLOOM 560M", "bloom", """{ "n_embed": 1024, "num_attention_heads": 16, "n_layer": 24, "vocab_size": 250880 }""", 559_214_592 },
        { "Pythia 70M", "gpt_neox", Dimensions(512, 2048, 8, 8, 6, 50304), 70_426_624 },
    };

    private const string Latent = """ "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128 """;

    [Theory]
    [MemberData(nameof(Models))]
    public void TheTensorsHoldThePublishedParameters(string model, string family, string dimensions, long parameters)
    {
        DecoderReference reference = DecoderFamilies.Named(family);
        foreach ((string key, JsonNode? value) in JsonNode.Parse(dimensions)!.AsObject())
            reference.Config[key] = value?.DeepClone();

        long found = reference.Tensors.Where(entry => !entry.IsUnread).Sum(entry => (long)entry.Count);

        Assert.True(parameters == found, $"{model}: {found:N0}, not {parameters:N0}");
    }

    private static string Dimensions(int width, int hidden, int heads, int keyValueHeads, int layers, int vocabulary, string? own = null) =>
        $$"""
        { "hidden_size": {{width}}, "intermediate_size": {{hidden}}, "num_attention_heads": {{heads}}, "num_key_value_heads": {{keyValueHeads}},
          "num_hidden_layers": {{layers}}, "vocab_size": {{vocabulary}}{{(own is null ? "" : "," + own)}} }
        """;
}
