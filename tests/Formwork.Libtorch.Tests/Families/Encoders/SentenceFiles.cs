using System.Text.Json.Nodes;

namespace Formwork.Libtorch.Tests.Families.Encoders;

/// <summary>What sentence-transformers puts beside an encoder to say how a text becomes one vector. Source: its documentation, "Pooling".</summary>
internal static class SentenceFiles
{
    /// <summary>The files, by path.</summary>
    /// <param name="width">The model's width.</param>
    /// <param name="mode"><c>mean</c> or <c>cls</c>.</param>
    public static IReadOnlyDictionary<string, JsonNode> Of(int width, string mode) => new Dictionary<string, JsonNode>
    {
        ["modules.json"] = new JsonArray(
            Module(0, "", "sentence_transformers.models.Transformer"),
            Module(1, "1_Pooling", "sentence_transformers.models.Pooling"),
            Module(2, "2_Normalize", "sentence_transformers.models.Normalize")),
        ["1_Pooling/config.json"] = new JsonObject
        {
            ["word_embedding_dimension"] = width,
            ["pooling_mode_cls_token"] = mode == "cls",
            ["pooling_mode_mean_tokens"] = mode == "mean",
            ["pooling_mode_max_tokens"] = false,
            ["pooling_mode_mean_sqrt_len_tokens"] = false,
        },
    };

    private static JsonObject Module(int number, string path, string type) =>
        new() { ["idx"] = number, ["name"] = $"{number}", ["path"] = path, ["type"] = type };
}
