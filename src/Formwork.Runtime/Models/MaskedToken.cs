namespace Formwork.Runtime.Models;

/// <summary>What a masked-language model says for one masked token.</summary>
/// <param name="Position">The token's place in the sequence, special tokens counted.</param>
/// <param name="Candidates">The most probable tokens, best first.</param>
public sealed record MaskedToken(int Position, IReadOnlyList<TokenCandidate> Candidates);
