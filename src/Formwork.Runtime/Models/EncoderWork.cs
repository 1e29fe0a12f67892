namespace Formwork.Runtime.Models;

/// <summary>One checked sequence on its way through an encoder.</summary>
internal sealed record EncoderWork
{
    /// <summary>Number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Its ids; empty when vectors are given.</summary>
    public IReadOnlyList<int> Tokens { get; init; } = [];

    /// <summary>The tokens' types; null for 0 everywhere.</summary>
    public IReadOnlyList<int>? TokenTypes { get; init; }

    /// <summary>Its vectors <c>[rows, width]</c>; null when ids are given.</summary>
    public float[]? Vectors { get; init; }

    /// <summary>The rows that something is wanted of, ascending; null for all.</summary>
    public int[]? OutputRows { get; init; }

    /// <summary>Where an encoder-decoder model's keys and values of the sequence go; else null.</summary>
    public KeyValueCache? Memory { get; init; }
}
