using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Ops;

/// <summary>Which numbers of a head are rotated. By how much stands in a table, so layers of different bases share a kernel.</summary>
/// <param name="Pairing">Which two numbers are a pair.</param>
/// <param name="Width">Numbers that are rotated.</param>
public sealed record RotatedPairs(RotaryPairing Pairing, int Width)
{
    /// <summary>Those of a spec; none without one.</summary>
    public static RotatedPairs? Of(RotarySpec? rotary) => rotary is null ? null : new RotatedPairs(rotary.Pairing, rotary.Width);
}
