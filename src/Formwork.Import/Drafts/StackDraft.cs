namespace Formwork.Import.Drafts;

/// <summary>What a spec says of one stack of layers, or of all at once.</summary>
internal sealed class StackDraft
{
    /// <summary>The most positions; null where another place says it.</summary>
    public int? Context { get; set; }

    /// <summary>Number of layers; null where another place says it.</summary>
    public int? Layers { get; set; }

    public Section Attention { get; set; } = [];

    public Section CrossAttention { get; set; } = [];

    public Section FeedForward { get; set; } = [];

    public Section Norm { get; set; } = [];

    public Section Positions { get; set; } = [];

    /// <summary>The keys that are values: parts, residual_scale, final_norm, input.</summary>
    public Section Values { get; set; } = [];

    /// <summary>What differs in each layer; null where none does.</summary>
    public Section[]? Differences { get; private set; }

    /// <summary>What differs in a layer.</summary>
    public Section Layer(int index)
    {
        Differences ??= [.. Enumerable.Range(0, Layers!.Value).Select(_ => new Section())];
        return Differences[index];
    }

    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty => Context is null && Layers is null
        && new[] { Attention, CrossAttention, FeedForward, Norm, Positions, Values }.All(section => section.IsEmpty);
}
