namespace Formwork.Runtime.Generation;

/// <summary>One text that a beam search found.</summary>
/// <param name="Tokens">Its tokens: those that were forced at the beginning and those that were chosen, without start and end token.</param>
/// <param name="LogProbability">The sum of the logarithms of the chosen tokens' probabilities, the end token's included.</param>
/// <param name="Score">The same divided by the length penalty; what texts are ranked by.</param>
/// <param name="FinishReason">Whether it came to an end token or to a limit.</param>
public sealed record Hypothesis(IReadOnlyList<int> Tokens, double LogProbability, double Score, FinishReason FinishReason);
