using Formwork.Compiler.Text;

namespace Formwork.Compiler.Spec;

/// <summary>How rotary frequencies are stretched.</summary>
public enum RotaryScalingKind
{
    /// <summary>All divided by the factor (Chen et al. 2023, position interpolation).</summary>
    Linear,

    /// <summary>The base is multiplied by factor^(width / (width − 2)), so that the slowest frequency is divided by the factor ("NTK-aware").</summary>
    Ntk,

    /// <summary>Slow frequencies are divided, fast ones kept, a ramp between (Peng et al. 2023, YaRN, section 3.2).</summary>
    Yarn,

    /// <summary>As YaRN with other bounds, said as factors of the wavelength (Llama 3.1).</summary>
    Llama3,

    /// <summary>Each frequency is divided by a number of its own, for short or for long contexts (Ding et al. 2024, LongRoPE; Phi-3).</summary>
    LongRope,
}

/// <summary>Stretched rotary frequencies, <c>positions: {scaling: …}</c>. Numbers that a kind does not use are 0.</summary>
/// <param name="Kind">How.</param>
/// <param name="Factor">How many times longer the context is than the training's.</param>
public sealed record RotaryScalingSpec(RotaryScalingKind Kind, double Factor)
{
    /// <summary>The training's context.</summary>
    public int OriginalContext { get; init; }

    /// <summary>YaRN: frequencies that turn more often than this in the original context are kept.</summary>
    public double BetaFast { get; init; }

    /// <summary>YaRN: frequencies that turn less often than this are divided.</summary>
    public double BetaSlow { get; init; }

    /// <summary>YaRN: whether the ramp's ends are rounded outwards to whole frequencies.</summary>
    public bool Truncate { get; init; }

    /// <summary>YaRN and LongRoPE: what sines and cosines are multiplied by, and so the scores by its square.</summary>
    public double AttentionFactor { get; init; }

    /// <summary>Llama 3: wavelengths above the original context divided by this are stretched.</summary>
    public double LowFrequencyFactor { get; init; }

    /// <summary>Llama 3: wavelengths below the original context divided by this are kept.</summary>
    public double HighFrequencyFactor { get; init; }

    /// <summary>LongRoPE: a divisor a frequency, for contexts up to the original.</summary>
    public EquatableArray<double> ShortFactors { get; init; }

    /// <summary>LongRoPE: a divisor a frequency, for longer contexts.</summary>
    public EquatableArray<double> LongFactors { get; init; }
}
