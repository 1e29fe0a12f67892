namespace Formwork.Compiler.Spec;

/// <summary>How a stack as a whole knows positions.</summary>
public enum PositionKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A learned vector a position (GPT-2).</summary>
    Learned,

    /// <summary>Sines and cosines (Vaswani et al. 2017, section 3.5).</summary>
    Sinusoidal,

    /// <summary>Nothing is added to the embedding; scores fall with the distance, by a slope a head (Press et al. 2022, ALiBi).</summary>
    Alibi,

    /// <summary>Nothing is added to the embedding; scores get a learned number for each head and bucket of distances (Raffel et al. 2020, T5).</summary>
    Relative,
}

/// <summary>How the sine and cosine of one frequency are placed in the position vector.</summary>
public enum SinusoidalArrangement
{
    /// <summary>sin, cos, sin, cos … (Vaswani et al. 2017).</summary>
    Interleaved,

    /// <summary>All sines, then all cosines (Marian).</summary>
    Halves,
}

/// <summary>A stack's positions, <c>positions:</c> with a kind other than rotary.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Base">The sinusoid's base, 10,000 in the paper; 0 for other kinds.</param>
/// <param name="Arrangement">The sinusoid's arrangement.</param>
public sealed record PositionsSpec(PositionKind Kind, double Base, SinusoidalArrangement Arrangement)
{
    /// <summary>The row of position 0: BART's positions begin with row 2 of their table.</summary>
    public int Offset { get; init; }

    /// <summary>Which frequencies the sinusoids have.</summary>
    public SinusoidalSpacing Spacing { get; init; }

    /// <summary>Relative: number of buckets.</summary>
    public int Buckets { get; init; }

    /// <summary>Relative: the distance from which on all are in the last bucket.</summary>
    public int MaxDistance { get; init; }
}

/// <summary>Which frequencies sinusoidal positions have, for i from 0 to half the width.</summary>
public enum SinusoidalSpacing
{
    /// <summary>base^(−i / half): the slowest stays short of 1 / base (Vaswani et al. 2017).</summary>
    Open,

    /// <summary>base^(−i / (half − 1)): the slowest is 1 / base (tensor2tensor, M2M-100).</summary>
    Closed,
}
