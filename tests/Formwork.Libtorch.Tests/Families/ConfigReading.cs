using System.Text.Json.Nodes;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>Short ways to a config.json's values.</summary>
public static class ConfigReading
{
    /// <summary>A whole number that must be there.</summary>
    public static int Integer(this JsonObject config, string key) => (int)config.Number(key);

    /// <summary>A whole number, or what holds when it is absent or null.</summary>
    public static int Integer(this JsonObject config, string key, int otherwise) => config[key] is null ? otherwise : config.Integer(key);

    /// <summary>A number that must be there.</summary>
    public static double Number(this JsonObject config, string key) =>
        (config[key] ?? throw new KeyNotFoundException($"config.json has no {key}")).Deserialized<double>();

    /// <summary>A number, or what holds when it is absent or null.</summary>
    public static double Number(this JsonObject config, string key, double otherwise) => config[key] is null ? otherwise : config.Number(key);

    /// <summary>true or false, or what holds when it is absent or null.</summary>
    public static bool Flag(this JsonObject config, string key, bool otherwise) => config[key]?.Deserialized<bool>() ?? otherwise;

    /// <summary>A text, or what holds when it is absent or null.</summary>
    public static string Text(this JsonObject config, string key, string otherwise) => config[key]?.Deserialized<string>() ?? otherwise;

    /// <summary>A list of numbers; null when it is absent or null.</summary>
    public static double[]? Numbers(this JsonObject config, string key) => config[key]?.Deserialized<double[]>();

    /// <summary>A list of texts; null when it is absent or null.</summary>
    public static string[]? Texts(this JsonObject config, string key) => config[key]?.Deserialized<string[]>();

    // A node made in code holds the type it was made of and gives no other; its text gives all.
    private static T Deserialized<T>(this JsonNode node) => System.Text.Json.JsonSerializer.Deserialize<T>(node.ToJsonString())!;
}
