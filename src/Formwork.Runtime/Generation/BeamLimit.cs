namespace Formwork.Runtime.Generation;

/// <summary>How long a text that beam search looks for may be.</summary>
/// <param name="MostTokens">How many tokens may be chosen, an end token counted.</param>
/// <param name="Reason">What that limit is.</param>
internal readonly record struct BeamLimit(int MostTokens, FinishReason Reason);
