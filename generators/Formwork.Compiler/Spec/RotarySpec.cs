namespace Formwork.Compiler.Spec;

/// <summary>Which two numbers of a head one rotation turns.</summary>
public enum RotaryPairing
{
    /// <summary>i and i + half the rotated width (GPT-NeoX, Llama as Hugging Face stores it).</summary>
    Half,

    /// <summary>2i and 2i + 1 (the RoFormer paper, Llama as Meta and llama2.c store it).</summary>
    Interleaved,
}

/// <summary>Rotary positions (Su et al. 2021).</summary>
/// <param name="Base">The base of the frequencies, 10,000 in the paper.</param>
/// <param name="Pairing">Which two numbers a rotation turns.</param>
/// <param name="Width">How many of a head's numbers are rotated, from the first; even.</param>
public sealed record RotarySpec(double Base, RotaryPairing Pairing, int Width)
{
    /// <summary>How the frequencies are stretched for contexts longer than those of the training; null for not.</summary>
    public RotaryScalingSpec? Scaling { get; init; }
}
