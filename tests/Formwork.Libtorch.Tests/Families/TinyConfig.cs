using System.Text.Json.Nodes;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>Tiny config.json files with the keys that the families share, and each family's own.</summary>
public static class TinyConfig
{
    /// <summary>The keys that most decoders since Llama have, overridden or followed by the family's own.</summary>
    public static JsonObject Decoder(string architecture, string modelType, params (string Key, JsonNode? Value)[] own)
    {
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(architecture),
            ["attention_dropout"] = 0.0,
            ["bos_token_id"] = 1,
            ["eos_token_id"] = 2,
            ["hidden_act"] = "silu",
            ["hidden_size"] = 48,
            ["initializer_range"] = 0.02,
            ["intermediate_size"] = 88,
            ["max_position_embeddings"] = 128,
            ["model_type"] = modelType,
            ["num_attention_heads"] = 4,
            ["num_hidden_layers"] = 3,
            ["num_key_value_heads"] = 2,
            ["rms_norm_eps"] = 1e-5,
            ["rope_scaling"] = null,
            ["rope_theta"] = 10000.0,
            ["tie_word_embeddings"] = false,
            ["torch_dtype"] = "float32",
            ["use_cache"] = true,
            ["vocab_size"] = 96,
        };
        return config.With(own);
    }

    /// <summary>Sets keys.</summary>
    public static JsonObject With(this JsonObject config, params (string Key, JsonNode? Value)[] own)
    {
        foreach ((string key, JsonNode? value) in own)
            config[key] = value;
        return config;
    }

    /// <summary>Takes keys out that the family does not have.</summary>
    public static JsonObject Without(this JsonObject config, params string[] keys)
    {
        foreach (string key in keys)
            config.Remove(key);
        return config;
    }
}
