using Formwork.Runtime.Chat.Jinja;
using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Chat;

/// <summary>
/// The text that a chat model was trained to see around messages: the Jinja template that its files carry. Of Jinja, what chat templates use is
/// understood: loops, conditions, macros, namespaces, slices, filters, tests, the methods of texts and dictionaries, white-space control; set up as
/// transformers does it. Instances are immutable and can be shared between threads.
/// </summary>
/// <remarks>
/// Whoever writes a message cannot steer the model with it. While the template is evaluated, every text carries for each of its characters whether
/// it came from a message, through joining, cutting, trimming and replacing; the result is a <see cref="MarkedText"/>. Encoding that finds special
/// tokens in the template's own characters only, and everything else is split as one text, as it was in training. So <c>&lt;|im_end|&gt;</c> in a
/// message is eight or so tokens of plain text, also where the template has put its first half there.
/// </remarks>
public sealed class ChatTemplate
{
    private readonly string _source, _text;
    private readonly Statement _template;
    private readonly IReadOnlyDictionary<string, string> _tokens;

    private ChatTemplate(string source, string text, Statement template, IReadOnlyDictionary<string, string> tokens) =>
        (_source, _text, _template, _tokens) = (source, text, template, tokens);

    /// <summary>The text of the template.</summary>
    public string Text => _text;

    /// <summary>The written form of the token that ends a message, as the files beside the template say; null where they do not.</summary>
    public string? EndToken => _tokens.GetValueOrDefault("eos_token");

    /// <summary>Reads a template.</summary>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <param name="tokens">The written forms of tokens that it may name: <c>bos_token</c>, <c>eos_token</c> and so on; null for none.</param>
    /// <exception cref="InvalidInputException">It is no Jinja, or uses what is not understood; the message has line and column.</exception>
    public static ChatTemplate Parse(string source, string text, IReadOnlyDictionary<string, string>? tokens = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Replace("\r\n", "\n").Replace('\r', '\n');
        try
        {
            return new ChatTemplate(source, text, StatementParser.Parse(text), tokens ?? new Dictionary<string, string>());
        }
        catch (JinjaException exception)
        {
            throw Wrong(source, text, exception);
        }
    }

    /// <summary>
    /// Finds a model's template: the file named, else chat_template.jinja, else <c>chat_template</c> of chat_template.json or tokenizer_config.json, a text
    /// or a list of named ones, of which <c>default</c> is taken.
    /// </summary>
    /// <param name="folder">The folder with the tokenizer's files.</param>
    /// <param name="file">A template's file in it; null for the usual places.</param>
    /// <exception cref="InvalidInputException">There is none, or it cannot be used.</exception>
    public static ChatTemplate Load(string folder, string? file = null) => ChatTemplateFiles.Load(folder, file);

    /// <summary>The messages as the model sees them.</summary>
    /// <param name="messages">The chat so far.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The text, which knows what came from the messages.</returns>
    /// <exception cref="InvalidInputException">A role is none, or the template refuses the messages or goes wrong; the message has line and column.</exception>
    public MarkedText Render(IReadOnlyList<ChatMessage> messages, ChatTemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        options ??= new();
        try
        {
            var run = new JinjaRun();
            JinjaScope scope = Scope(run, messages, options);
            JinjaText text = run.Captured(() => _template.Execute(scope), 0);
            return new MarkedText(text.Value, text.Marks);
        }
        catch (JinjaException exception)
        {
            throw Wrong(_source, _text, exception);
        }
    }

    private JinjaScope Scope(JinjaRun run, IReadOnlyList<ChatMessage> messages, ChatTemplateOptions options)
    {
        var scope = new JinjaScope(run, null);
        JinjaGlobals.AddTo(scope, options.Now ?? DateTimeOffset.Now);
        foreach ((string name, string form) in _tokens)
            scope.Set(name, JinjaText.Of(form));
        foreach ((string name, bool on) in options.Switches)
            scope.Set(name, on);
        scope.Set("messages", messages.Select((message, index) => (object?)Dictionary(message, index)).ToList());
        scope.Set("tools", null);
        scope.Set("documents", null);
        scope.Set("add_generation_prompt", options.AddGenerationPrompt);
        return scope;
    }

    private static JinjaDictionary Dictionary(ChatMessage message, int index)
    {
        // A role becomes a part of the template's own text ('<|' + role + '|>'), so it may not bring signs of its own.
        if (string.IsNullOrEmpty(message.Role) || message.Role.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('_' or '-')))
            throw new InvalidInputException("messages", $"message {index + 1}", $"the role {PlainText.Quoted(message.Role ?? "")}", "letters, digits, '_' and '-'", "Use a role that the template knows: system, user, assistant.");
        return new JinjaDictionary { { "role", JinjaText.Of(message.Role) }, { "content", JinjaText.Of(message.Content, foreign: true) } };
    }

    private static InvalidInputException Wrong(string source, string text, JinjaException exception)
    {
        string before = text[..Math.Min(exception.Position, text.Length)];
        int line = before.Count(character => character == '\n') + 1, column = before.Length - before.LastIndexOf('\n');
        string place = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"chat template, line {line}, column {column}");
        return exception.Refusal is { } reason
            ? new(source, place, exception.Found, exception.Expected, $"The template says: {reason}", exception)
            : new(source, place, exception.Found, exception.Expected, "Correct the template, or give another one with the model's files.", exception);
    }
}
