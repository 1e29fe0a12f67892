namespace Formwork.Runtime.Sampling;

/// <summary>Where a sampler's random numbers come from, and with them which program's choices a seed reproduces.</summary>
public enum RandomSource
{
    /// <summary>xoshiro256** (Blackman and Vigna 2018), seeded by splitmix64: the same on every machine and in every version.</summary>
    Default,

    /// <summary>llama2.c's own generator and sampling procedure (run.c), so that a seed gives the tokens that program gives. Knows temperature and top-p only.</summary>
    Llama2C,
}
