namespace Formwork.Training.Tokenization;

/// <summary>A token that steers the model and stands for no text.</summary>
/// <param name="Text">Its written form.</param>
/// <param name="Role">What it is for.</param>
public sealed record SpecialToken(string Text, SpecialTokenRole Role = SpecialTokenRole.None);
