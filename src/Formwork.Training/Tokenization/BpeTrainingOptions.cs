namespace Formwork.Training.Tokenization;

/// <summary>What a byte-level BPE vocabulary shall be like.</summary>
public sealed record BpeTrainingOptions
{
    /// <summary>Number of ids: special tokens, the 256 bytes, and as many merges as then fit. Fewer where the text has no more pairs.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Pairs that occur less often are not merged.</summary>
    public long MinimumFrequency { get; init; } = 2;

    /// <summary>The special tokens; their ids follow in this order.</summary>
    public IReadOnlyList<SpecialToken> SpecialTokens { get; init; } = [];

    /// <summary>Whether their ids come after all others (GPT-2) instead of from 0 (Hugging Face's trainer).</summary>
    public bool SpecialTokensLast { get; init; }

    /// <summary>The special token that tokenizer.json puts before a text for the model; null for none.</summary>
    public string? FrameBegin { get; init; }

    /// <summary>The special token that tokenizer.json puts after a text, and between two; null for none.</summary>
    public string? FrameEnd { get; init; }

    /// <summary>Stops the work.</summary>
    public CancellationToken Cancellation { get; init; }
}
