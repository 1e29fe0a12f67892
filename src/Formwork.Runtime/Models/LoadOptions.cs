namespace Formwork.Runtime.Models;

/// <summary>How a model is loaded.</summary>
public sealed record LoadOptions
{
    /// <summary>Number of threads that compute; null for one a processor. Results do not depend on it.</summary>
    public int? Threads { get; init; }

    /// <summary>A checkpoint's file or folder; null for the model's folder.</summary>
    public string? Weights { get; init; }

    /// <summary>The folder with the tokenizer's files; null for the model's folder.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>
    /// The most tokens that one pass takes; longer prompts go through in several. Activation memory grows with it. An encoder sees a whole
    /// sequence at once, so its passes take at least its context.
    /// </summary>
    public int MaxPassTokens { get; init; } = 512;

    /// <summary>A pass of fewer multiply-adds runs on the calling thread alone: it is done before a second thread has joined it.</summary>
    public long ParallelMultiplyAdds { get; init; } = 2_000_000;
}
