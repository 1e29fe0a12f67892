using System.Text.Json;
using Formwork.Runtime.Chat;
using Formwork.TestSupport;

namespace Formwork.Runtime.Tests.Chat;

/// <summary>
/// Templates in the manner of the families', each after the <c>chat_template</c> of the family's published tokenizer_config.json, without what it
/// says of tools: Llama 2, 3 and 3.1 (meta-llama), Qwen 2.5 and 3 (Qwen), Gemma 1 and 3 (google), Mistral v3 (mistralai), Phi 3 and 4-mini (microsoft),
/// SmolLM 2 and 3 (HuggingFaceTB), DeepSeek R1 (deepseek-ai), Granite 3 (ibm-granite). <c>golden.json</c> has what Jinja 3.1.6 itself, set up as
/// transformers does it, makes of seven chats with each; <c>expressions.golden.json</c> what it makes of single expressions and statements.
/// </summary>
internal static class ChatTemplateGolden
{
    public static readonly DateTimeOffset Now = new(2026, 11, 4, 9, 5, 7, TimeSpan.Zero);

    public sealed record Case(string Template, ChatMessage[] Messages, ChatTemplateOptions Options, string? Text, string? Error);

    private static readonly Dictionary<string, string> Tokens = new() { ["bos_token"] = "<s>", ["eos_token"] = "</s>" };

    private static string Folder => Path.Combine(TestData.Repository, "tests", "Formwork.Runtime.Tests", "Chat");

    public static IEnumerable<string> Names => Directory.GetFiles(Path.Combine(Folder, "Templates"), "*.jinja").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public static ChatTemplate Template(string name) => ChatTemplate.Parse(name, File.ReadAllText(Path.Combine(Folder, "Templates", name)), Tokens);

    public static IReadOnlyList<Case> Cases()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "Templates", "golden.json")));
        return [.. document.RootElement.EnumerateArray().Select(entry => new Case(
            entry.GetProperty("template").GetString()!,
            [.. entry.GetProperty("messages").EnumerateArray().Select(message => new ChatMessage(message.GetProperty("role").GetString()!, message.GetProperty("content").GetString()!))],
            new ChatTemplateOptions
            {
                AddGenerationPrompt = entry.GetProperty("prompt").GetBoolean(),
                Now = Now,
                Switches = entry.GetProperty("thinking") is { ValueKind: not JsonValueKind.Null } thinking ? new Dictionary<string, bool> { ["enable_thinking"] = thinking.GetBoolean() } : [],
            },
            entry.GetProperty("text").GetString(),
            entry.GetProperty("error").GetString()))];
    }

    public static IReadOnlyList<(string Template, string Text)> Expressions()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "expressions.golden.json")));
        return [.. document.RootElement.EnumerateArray().Select(entry => (entry.GetProperty("template").GetString()!, entry.GetProperty("text").GetString()!))];
    }
}
