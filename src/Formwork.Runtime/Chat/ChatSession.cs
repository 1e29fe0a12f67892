using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Chat;

/// <summary>
/// A chat with a model. Its cache is kept between turns: of each rendered chat, only what the cache does not begin with goes through the model.
/// Templates that change what was said before (a thought that is dropped) cost as much again as they change. Not for several threads at once.
/// </summary>
public sealed class ChatSession : IDisposable
{
    private readonly CachedTokens _cache;
    private readonly TextTokenizer _tokenizer;
    private readonly ChatTemplate _template;
    private readonly ChatTemplateOptions _templateOptions;
    private readonly TextGenerator _generator;
    private readonly List<ChatMessage> _messages = [];
    private readonly string? _system;

    /// <summary>Begins a chat.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="template">Its template.</param>
    /// <param name="system">Instructions for the whole chat; null for none.</param>
    /// <param name="options">What the template is rendered with; null for the defaults.</param>
    public ChatSession(DecoderModel model, TextTokenizer tokenizer, ChatTemplate template, string? system = null, ChatTemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(template);
        (_tokenizer, _template, _system) = (tokenizer, template, system);
        _templateOptions = options ?? new();
        TokenizerDescription description = model.Description.Tokenizer;
        int[] ends = [.. description.EndTokens.Concat(EndTokens(template, tokenizer)).Distinct()];
        _cache = new CachedTokens(model.NewSession());
        _generator = new TextGenerator(_cache, tokenizer, description with { EndTokens = ends }, model.Description.Generation);
        Reset();
    }

    /// <summary>What was said so far.</summary>
    public IReadOnlyList<ChatMessage> Messages => _messages;

    /// <summary>Number of tokens in the cache.</summary>
    public int CachedTokens => _cache.Position;

    /// <summary>
    /// The tokens that end an answer, beside those of the model's spec: the one that the files beside the template name, and the first special token that
    /// the template puts after an answer (<c>&lt;|im_end|&gt;</c>, <c>&lt;|eot_id|&gt;</c>), which chat models write where base models write the other.
    /// </summary>
    public static IReadOnlyList<int> EndTokens(ChatTemplate template, TextTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return [.. ChatEndTokens.Of(template, tokenizer).Distinct()];
    }

    /// <summary>Forgets all but the instructions.</summary>
    public void Reset()
    {
        _messages.Clear();
        if (_system is not null)
            _messages.Add(new ChatMessage(ChatMessage.System, _system));
        _cache.KeepCommon([]);
    }

    /// <summary>
    /// Says something and gives the answer, piece by piece as it comes; reading the pieces runs the model. What was read of an answer that was broken
    /// off stays in the chat as all of it. A turn that fails leaves the chat as it was.
    /// </summary>
    /// <param name="text">What the person says.</param>
    /// <param name="options">How the answer is generated; null for the defaults.</param>
    /// <param name="cancellation">Ends the answer at the next token.</param>
    /// <exception cref="InvalidInputException">The template refuses the chat, or the chat is longer than the context.</exception>
    /// <exception cref="OperationCanceledException">While reading: the token was cancelled.</exception>
    public IEnumerable<string> Say(string text, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        _messages.Add(new ChatMessage(ChatMessage.User, text));
        IEnumerable<string> pieces;
        try
        {
            IReadOnlyList<int> tokens = _tokenizer.Encode(_template.Render(_messages, _templateOptions));
            int kept = _cache.KeepCommon(tokens);
            pieces = _generator.Generate([.. tokens.Skip(kept)], options, cancellation);
        }
        catch
        {
            _messages.RemoveAt(_messages.Count - 1);
            throw;
        }
        return Heard(pieces);
    }

    private IEnumerable<string> Heard(IEnumerable<string> pieces)
    {
        var answer = new System.Text.StringBuilder();
        bool begun = false;
        try
        {
            foreach (string piece in pieces)
            {
                answer.Append(piece);
                begun = true;
                yield return piece;
            }
            begun = true;
        }
        finally
        {
            if (begun)
                _messages.Add(new ChatMessage(ChatMessage.Assistant, answer.ToString()));
            else
                _messages.RemoveAt(_messages.Count - 1);
        }
    }

    /// <summary>Frees the cache.</summary>
    public void Dispose() => _cache.Dispose();
}
