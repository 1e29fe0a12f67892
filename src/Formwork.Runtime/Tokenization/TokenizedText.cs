namespace Formwork.Runtime.Tokenization;

/// <summary>A text as a model reads it; all three lists have one entry a token.</summary>
/// <param name="Ids">The tokens.</param>
/// <param name="TypeIds">Which of two texts each belongs to, as the model was told (BERT's token types): 0 or 1.</param>
/// <param name="Special">Whether each was put there by the tokenizer's template, not by the text.</param>
public sealed record TokenizedText(IReadOnlyList<int> Ids, IReadOnlyList<int> TypeIds, IReadOnlyList<bool> Special);
