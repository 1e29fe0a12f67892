namespace Formwork.Training.Data;

/// <summary>What the fields of JSON lines are called.</summary>
/// <param name="Text">The text; of pairs, the source.</param>
/// <param name="Target">What the source becomes; null where there are no pairs.</param>
/// <param name="Label">The number of the class that the text belongs to, from 0; null where there are no classes.</param>
public sealed record JsonFields(string Text = "text", string? Target = null, string? Label = null)
{
    /// <summary><c>{"source": …, "target": …}</c>.</summary>
    public static JsonFields Pairs { get; } = new("source", "target");

    /// <summary><c>{"text": …, "label": …}</c>.</summary>
    public static JsonFields Labelled { get; } = new(Label: "label");
}
