namespace Formwork.Benchmarks.Limits;

/// <summary>What the machine can do at most, measured with as many threads as the work beside it uses.</summary>
/// <param name="Threads">Threads of the measurement.</param>
/// <param name="FlopsPerSecond">Float32 operations a second, a multiply-add counted as two.</param>
/// <param name="BytesPerSecond">Bytes read a second from a block as large as the work's weights.</param>
/// <param name="Scaling">The operations a second over those of one thread.</param>
public sealed record MachineLimits(int Threads, double FlopsPerSecond, double BytesPerSecond, double Scaling)
{
    /// <summary>Below this, several threads did not have a processor each while the limits were measured, and figures beside them are not to be trusted.</summary>
    public const double LeastScalingPerThread = 0.9;

    /// <summary>Whether each thread had a processor of its own while the limits were measured.</summary>
    public bool Undisturbed => Scaling >= LeastScalingPerThread * Threads;

    /// <summary>Measures now. <paramref name="workingSet"/> is the number of bytes that the work reads again and again.</summary>
    public static MachineLimits Measure(int threads, long workingSet)
    {
        var one = FmaPeak.Measure(1);
        var all = threads == 1 ? one : FmaPeak.Measure(threads);
        var block = Math.Clamp(workingSet, 1L << 18, 1L << 28);
        return new MachineLimits(threads, all, ReadBandwidth.Measure(threads, block), all / one);
    }

    /// <summary>The better of two measurements, for the one before and the one after a piece of work.</summary>
    public MachineLimits Best(MachineLimits other) => new(
        Threads,
        Math.Max(FlopsPerSecond, other.FlopsPerSecond),
        Math.Max(BytesPerSecond, other.BytesPerSecond),
        Math.Min(Scaling, other.Scaling));
}
