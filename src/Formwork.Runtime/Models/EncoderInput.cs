namespace Formwork.Runtime.Models;

/// <summary>One sequence for an encoder.</summary>
/// <param name="Tokens">Its token ids, the special ones at its ends included.</param>
/// <param name="TokenTypes">The type of each token; null for 0 everywhere.</param>
public sealed record EncoderInput(IReadOnlyList<int> Tokens, IReadOnlyList<int>? TokenTypes = null);
