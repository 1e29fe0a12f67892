using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Chat;

/// <summary>
/// Which tokens end an answer: the one that the files name, and the first special token that the template puts after an answer (<c>&lt;|im_end|&gt;</c>,
/// <c>&lt;|eot_id|&gt;</c>, <c>&lt;end_of_turn&gt;</c>), which chat models write where base models write the other.
/// </summary>
internal static class ChatEndTokens
{
    public static IEnumerable<int> Of(ChatTemplate template, TextTokenizer tokenizer)
    {
        if (template.EndToken is { } form && tokenizer.SpecialTokens.TryGetValue(form, out int end))
            yield return end;
        if (AfterAnswer(template) is { } rest && tokenizer.Encode(rest, allowSpecial: true).Where(tokenizer.SpecialTokens.Values.Contains).Cast<int?>().FirstOrDefault() is { } turn)
            yield return turn;
    }

    /// <summary>What follows an answer; null where the template does not take such a chat.</summary>
    private static string? AfterAnswer(ChatTemplate template)
    {
        try
        {
            MarkedText text = template.Render([new(ChatMessage.User, "a"), new(ChatMessage.Assistant, "b")], new ChatTemplateOptions { AddGenerationPrompt = false });
            int at = text.Text.Length;
            while (at > 0 && !text.IsForeign(at - 1, 1))
                at--;
            return text.Text[at..];
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }
}
