namespace Formwork.Runtime.Sampling;

/// <summary>llama2.c's generator: xorshift* (Vigna 2016, "An experimental exploration of Marsaglia's xorshift generators"), as run.c's <c>random_u32</c>.</summary>
/// <param name="seed">The state to start from; not 0.</param>
internal sealed class Llama2CRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 32 random bits.</summary>
    public uint NextBits()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (uint)((_state * 0x2545F4914F6CDD1D) >> 32);
    }

    /// <summary>A number from 0 to below 1, in steps of 2⁻²⁴: run.c's <c>random_f32</c>.</summary>
    public float NextFloat() => (NextBits() >> 8) / 16777216f;
}
