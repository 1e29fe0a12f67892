namespace Formwork.Runtime.Tokenization;

/// <summary>How a model's text becomes token ids: what its spec says under <c>tokenizer:</c>.</summary>
/// <param name="Kind">Which format.</param>
/// <param name="File">The file in the model's folder; null for the format's usual names.</param>
/// <param name="MergesFile">The merges beside it (byte-level BPE); null for the usual names.</param>
/// <param name="BeginToken">The id put before a prompt; null for none.</param>
/// <param name="EndTokens">The ids that end a text.</param>
public sealed record TokenizerDescription(TokenizerKind Kind, string? File, string? MergesFile, int? BeginToken, IReadOnlyList<int> EndTokens);
