namespace Formwork.Runtime.Generation;

/// <summary>One text that a beam search found.</summary>
/// <param name="Text">The text.</param>
/// <param name="Tokens">Its tokens, without start and end token.</param>
/// <param name="LogProbability">The sum of the logarithms of the chosen tokens' probabilities.</param>
/// <param name="Score">The same divided by the length penalty; what texts are ranked by.</param>
public sealed record ScoredText(string Text, IReadOnlyList<int> Tokens, double LogProbability, double Score);
