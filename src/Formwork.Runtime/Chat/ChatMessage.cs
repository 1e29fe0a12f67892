namespace Formwork.Runtime.Chat;

/// <summary>One message of a chat.</summary>
/// <param name="Role">Who says it: <c>system</c>, <c>user</c>, <c>assistant</c>, or what else the template knows. Part of the template's own text, so letters, digits, <c>_</c> and <c>-</c> only.</param>
/// <param name="Content">What is said. Never read as anything but text.</param>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>The role of instructions for the whole chat.</summary>
    public const string System = "system";

    /// <summary>The role of the person.</summary>
    public const string User = "user";

    /// <summary>The role of the model.</summary>
    public const string Assistant = "assistant";
}
