using System.Text;
using System.Text.Json;
using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Chat;

/// <summary>Finds chat templates among a model's files.</summary>
internal static class ChatTemplateFiles
{
    private const string Alone = "chat_template.jinja", Member = "chat_template";
    private static readonly string[] Configurations = ["chat_template.json", "tokenizer_config.json"];

    public static ChatTemplate Load(string folder, string? file)
    {
        IReadOnlyDictionary<string, string> tokens = TokenizerConfig.Beside(folder).Named;
        string alone = Path.Combine(folder, file ?? Alone);
        if (File.Exists(alone))
            return ChatTemplate.Parse(alone, Text(alone), tokens);
        foreach (string name in file is null ? Configurations : [])
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path) && Find(path) is { } text)
                return ChatTemplate.Parse(path, text, tokens);
        }
        throw new InvalidInputException(folder, null, "no chat template", file ?? $"{Alone}, or {Member} in {string.Join(" or ", Configurations)}",
            file is null ? "Use a model that was trained to chat, or put the template of its family there; 'formwork run' continues texts without one." : "Put the file there, or correct its name in the spec.");
    }

    private static string Text(string path)
    {
        string[] lines = TokenizerFile.ReadLines(path);
        return string.Join('\n', lines) + (TokenizerFile.Read(path)[^1] == (byte)'\n' ? "\n" : "");
    }

    private static string? Find(string path)
    {
        using JsonFile file = JsonFile.Open(path);
        if (file.Root.Find(Member) is not { } template)
            return null;
        if (template.Kind != JsonValueKind.Array)
            return template.Text();
        (string Name, JsonValue Text)[] named = [.. template.Items().Select(item => (item.Get("name").Text(), item.Get("template")))];
        if (named.Length == 0)
            throw template.Wrong("an empty list", "a template, or a list of named ones");
        return named.FirstOrDefault(item => item.Name == "default", named[0]).Text.Text();
    }
}
