namespace Formwork.Runtime.Chat;

/// <summary>What a chat template is rendered with, beside the messages.</summary>
public sealed record ChatTemplateOptions
{
    /// <summary>Whether the text ends where the assistant's answer begins.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>The time that the template's <c>strftime_now</c> tells; null for the system's.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Switches of one family's template, such as Qwen3's <c>enable_thinking</c>.</summary>
    public IReadOnlyDictionary<string, bool> Switches { get; init; } = new Dictionary<string, bool>();
}
