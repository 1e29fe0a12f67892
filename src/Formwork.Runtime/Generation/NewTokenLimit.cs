namespace Formwork.Runtime.Generation;

/// <summary>How many new tokens a generation may have, and which limit says so.</summary>
internal readonly record struct NewTokenLimit(int Count, FinishReason Reason)
{
    /// <summary>The tightest of the options' limits and the context's.</summary>
    /// <param name="options">The options.</param>
    /// <param name="promptTokens">Tokens of the prompt, a begin token not counted.</param>
    /// <param name="room">Tokens that the context still holds after the prompt.</param>
    public static NewTokenLimit Of(GenerationOptions options, int promptTokens, int room)
    {
        // The last new token is given out but never read by the model, so it needs no room.
        var limit = new NewTokenLimit(room + 1, FinishReason.Context);
        if (options.MaxTokens is { } tokens && tokens <= limit.Count)
            limit = new(tokens, FinishReason.Length);
        if (options.MaxLength is { } length && length - promptTokens <= limit.Count)
            limit = new(Math.Max(0, length - promptTokens), FinishReason.Length);
        return limit;
    }
}
