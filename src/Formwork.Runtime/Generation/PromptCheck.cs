namespace Formwork.Runtime.Generation;

/// <summary>Whether a model can read a prompt.</summary>
internal static class PromptCheck
{
    /// <summary>Throws where it cannot.</summary>
    /// <param name="source">The model's sequence.</param>
    /// <param name="begin">The token put before the prompt; null for none.</param>
    /// <param name="prompt">The prompt's tokens.</param>
    /// <exception cref="InvalidInputException">There is no token, one that the model does not know, or more than the context holds.</exception>
    public static void Check(ITokenSource source, int? begin, IReadOnlyList<int> prompt)
    {
        if (begin is { } token && !Knows(source, token))
            throw new InvalidInputException("tokenizer", "begin", $"{token}", Ids(source), "Correct the begin token in the model's spec.");
        if (begin is null && prompt.Count == 0)
            throw new InvalidInputException("prompt", null, "no tokens", "at least one, as no begin token is put before it", "Give a prompt.");
        for (var i = 0; i < prompt.Count; i++)
        {
            if (!Knows(source, prompt[i]))
                throw new InvalidInputException("prompt", $"token {i}", $"id {prompt[i]}", Ids(source), "Use the tokenizer that the model was trained with.");
        }
        CheckLength(source, prompt.Count + (begin is null ? 0 : 1));
    }

    private static void CheckLength(ITokenSource source, int count)
    {
        var room = source.Context - source.Position;
        if (count <= room)
            return;
        var taken = source.Position == 0 ? "" : $", of which {source.Position} are taken";
        throw new InvalidInputException("prompt", null, $"{count} tokens", $"at most {room}: the model's context is {source.Context} tokens{taken}", "Shorten the prompt, or use a model with a longer context.");
    }

    private static bool Knows(ITokenSource source, int token) => (uint)token < (uint)source.Vocabulary;

    private static string Ids(ITokenSource source) => $"an id from 0 to {source.Vocabulary - 1}, the model's vocabulary";
}
