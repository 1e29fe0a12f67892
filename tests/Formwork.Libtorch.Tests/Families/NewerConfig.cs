using System.Text.Json.Nodes;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>
/// A config.json as transformers 5 writes it: <c>dtype</c> for <c>torch_dtype</c>, and all about rotary positions in <c>rope_parameters</c>,
/// by the type of layer where a family has two of them, with the types listed.
/// </summary>
public static class NewerConfig
{
    /// <summary>Rewrites a config in place.</summary>
    public static void Rewrite(JsonObject config)
    {
        Move(config, "torch_dtype", config, "dtype");
        var rope = config["rope_scaling"] as JsonObject ?? new JsonObject { ["rope_type"] = "default" };
        config.Remove("rope_scaling");
        Move(rope, "type", rope, "rope_type");
        foreach (string key in new[] { "rope_theta", "partial_rotary_factor", "original_max_position_embeddings" })
            Move(config, key, rope, key);
        config["rope_parameters"] = config.ContainsKey("rope_local_base_freq") ? ByLayerType(config, rope) : rope;
    }

    private static JsonObject ByLayerType(JsonObject config, JsonObject global)
    {
        var local = new JsonObject { ["rope_type"] = "default" };
        Move(config, "rope_local_base_freq", local, "rope_theta");
        int pattern = config.Integer("sliding_window_pattern");
        config["layer_types"] = new JsonArray(Enumerable.Range(1, config.Integer("num_hidden_layers"))
            .Select(layer => (JsonNode)(layer % pattern == 0 ? "full_attention" : "sliding_attention")).ToArray());
        Move(config, "sliding_window_pattern", config, "_sliding_window_pattern");
        return new JsonObject { ["full_attention"] = global, ["sliding_attention"] = local };
    }

    private static void Move(JsonObject from, string key, JsonObject to, string newKey)
    {
        if (!from.ContainsKey(key))
            return;
        JsonNode? value = from[key]?.DeepClone();
        from.Remove(key);
        to[newKey] = value;
    }
}
