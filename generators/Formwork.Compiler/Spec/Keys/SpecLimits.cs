namespace Formwork.Compiler.Spec.Keys;

/// <summary>
/// How large a spec's numbers may be: some times beyond the largest models there are, and small enough that no product of them that
/// the compiler forms leaves a 64-bit integer.
/// </summary>
internal static class SpecLimits
{
    public const int Vocabulary = 1 << 24;
    public const int Context = 1 << 24;
    public const int Width = 1 << 20;
    public const int FeedForwardWidth = 1 << 22;
    public const int Layers = 4096;
    public const int Heads = 1 << 14;
    public const int HeadWidth = 1 << 14;
    public const int Experts = 1 << 12;
    public const int PositionOffset = 1 << 10;
    public const int Buckets = 1 << 12;
    public const int TokenTypes = 1 << 10;
    public const int Labels = 1 << 20;
    public const int Beams = 1 << 10;

    /// <summary>Heads times head width: a projection's rows.</summary>
    public const long ProjectionWidth = 1 << 22;

    /// <summary>Chosen experts times the wider side of each: what one token becomes on its way through them.</summary>
    public const long ChosenWidth = 1 << 26;

    /// <summary>Numbers in all parameters of a model, and in one sequence's keys and values: 2⁴⁰, four terabytes of float32.</summary>
    public const long Elements = 1L << 40;

    public const double SmallestEpsilon = 1e-20;
    public const double LargestEpsilon = 1;
    public const double LargestScale = 1e6;
    public const double SmallestScale = 1e-6;
    public const double LargestRotaryBase = 1e12;
    public const double LargestDropout = 0.95;
    public const double SmallestFraction = 1e-6;
}
