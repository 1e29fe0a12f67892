namespace Formwork.Runtime.Tokenization;

/// <summary>A token that is found in the text before the tokenizer's own rules apply.</summary>
/// <param name="Text">Its written form.</param>
/// <param name="Id">Its id.</param>
/// <param name="Special">Whether it steers the model instead of standing for text.</param>
internal sealed record AddedToken(string Text, int Id, bool Special)
{
    /// <summary>Whether it swallows the white space before it.</summary>
    public bool TakesSpaceBefore { get; init; }

    /// <summary>Whether it swallows the white space after it.</summary>
    public bool TakesSpaceAfter { get; init; }

    /// <summary>Whether it counts only where no letter or digit touches it.</summary>
    public bool WholeWord { get; init; }

    /// <summary>What it looks like after the normalizer, if it is to be found there; null where it is found in the text as it came.</summary>
    public string? NormalizedText { get; init; }

    /// <summary>
    /// Whether it is found in text that a user wrote. Only runs of white space are, which some vocabularies add for source code: they cannot
    /// steer a model, and it was trained with them.
    /// </summary>
    public bool InPlainText => !Special && string.IsNullOrWhiteSpace(Text);
}
