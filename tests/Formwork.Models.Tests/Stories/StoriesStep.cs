using System.Text.Json.Serialization;

namespace Formwork.Models.Tests.Stories;

/// <summary>One position of a golden run.</summary>
internal sealed class StoriesStep
{
    /// <summary>The token fed.</summary>
    [JsonPropertyName("in")]
    public required int Input { get; init; }

    /// <summary>The token taken next: the prompt's while there is one, then the most probable.</summary>
    public required int Next { get; init; }

    /// <summary>The five most probable tokens, most probable first.</summary>
    public required int[] Top { get; init; }

    /// <summary>Their logits.</summary>
    public required float[] Logits { get; init; }

    /// <summary>log Σ exp of all logits.</summary>
    public required double LogSumExp { get; init; }
}
