namespace Formwork.Training.Data;

/// <summary>An example as text, with the place it is from.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Text">The text; of a pair, the source.</param>
/// <param name="Target">What the source becomes; null where there are no pairs.</param>
/// <param name="Label">The class that the text belongs to; −1 where there are no classes.</param>
public readonly record struct TextRecord(string Path, long Line, string Text, string? Target = null, int Label = -1);
