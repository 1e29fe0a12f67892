using System.Text.Json;
using System.Text.Json.Serialization;
using Formwork.TestSupport;

namespace Formwork.Models.Tests.Stories;

/// <summary>One greedy run of llama2.c's run.c: g00 to g06 of the test data.</summary>
internal sealed class StoriesGolden
{
    /// <summary>The golden runs' names.</summary>
    public static readonly string[] Names = ["g00", "g01", "g02", "g03", "g04", "g05", "g06"];

    public required string Prompt { get; init; }

    /// <summary>Number of tokens after the begin token: run.c's <c>-n</c>.</summary>
    public required int Steps { get; init; }

    /// <summary>The begin token and the prompt's.</summary>
    [JsonPropertyName("prompt_tokens")]
    public required int[] PromptTokens { get; init; }

    [JsonPropertyName("per_step")]
    public required StoriesStep[] PerStep { get; init; }

    /// <summary>All tokens after the begin token.</summary>
    [JsonPropertyName("output_tokens")]
    public required int[] OutputTokens { get; init; }

    /// <summary>The tokens fed, in order.</summary>
    [JsonIgnore]
    public int[] Inputs => [.. PerStep.Select(step => step.Input)];

    public static StoriesGolden Read(string name)
    {
        var text = File.ReadAllText(TestData.Path("stories260K", "golden", name + ".json"));
        return JsonSerializer.Deserialize<StoriesGolden>(text, JsonSerializerOptions.Web) ?? throw new InvalidDataException(name);
    }

    /// <summary>What run.c printed but the newline it ends with.</summary>
    public static string Text(string name)
    {
        var text = File.ReadAllText(TestData.Path("stories260K", "golden", name + ".txt"));
        return text.EndsWith('\n') ? text[..^1] : throw new InvalidDataException($"{name}.txt does not end with a newline.");
    }
}
