namespace Formwork.Training.Data;

/// <summary>Sequences of one stack, one after the other, without padding.</summary>
/// <param name="Tokens">All sequences' ids.</param>
/// <param name="Lengths">How many each sequence has.</param>
/// <param name="TokenTypes">A type a token; null for type 0.</param>
public sealed record TrainingSequences(int[] Tokens, int[] Lengths, int[]? TokenTypes = null);
