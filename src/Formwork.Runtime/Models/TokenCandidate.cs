namespace Formwork.Runtime.Models;

/// <summary>A token that could stand in a place.</summary>
/// <param name="Token">Its id.</param>
/// <param name="Text">How the vocabulary writes it.</param>
/// <param name="Probability">Its probability there.</param>
public sealed record TokenCandidate(int Token, string Text, float Probability);
