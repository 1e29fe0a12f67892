using System.Text.Json;
using System.Text.Json.Serialization;
using Formwork.TestSupport;

namespace Formwork.Models.Tests.CappGpt2;

/// <summary>One greedy run of the float64 reference over capp-gpt2.</summary>
internal sealed class CappGolden
{
    /// <summary>Number of runs in golden.json.</summary>
    public const int Count = 4;

    [JsonPropertyName("prompt_tokens")]
    public required int[] PromptTokens { get; init; }

    /// <summary>The prompt's tokens, then the new ones, the end token last.</summary>
    [JsonPropertyName("output_tokens")]
    public required int[] OutputTokens { get; init; }

    /// <summary>The words of the new tokens, the end token's too.</summary>
    public required string[] Text { get; init; }

    /// <summary>One for each new token.</summary>
    public required CappStep[] Steps { get; init; }

    public static CappGolden Read(int index)
    {
        var text = File.ReadAllText(TestData.Path("capp-gpt2", "golden.json"));
        var all = JsonSerializer.Deserialize<CappGolden[]>(text, JsonSerializerOptions.Web) ?? throw new InvalidDataException("golden.json");
        return all.Length == Count ? all[index] : throw new InvalidDataException($"golden.json has {all.Length} runs.");
    }
}
