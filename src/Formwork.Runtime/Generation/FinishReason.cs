namespace Formwork.Runtime.Generation;

/// <summary>Why a generation came to its end.</summary>
public enum FinishReason
{
    /// <summary>The model chose one of its end tokens.</summary>
    EndToken,

    /// <summary>One of <see cref="GenerationOptions.StopStrings"/> was generated.</summary>
    StopString,

    /// <summary><see cref="GenerationOptions.MaxTokens"/> or <see cref="GenerationOptions.MaxLength"/> was reached.</summary>
    Length,

    /// <summary>The model's context is full.</summary>
    Context,

    /// <summary>The caller cancelled.</summary>
    Cancelled,
}
