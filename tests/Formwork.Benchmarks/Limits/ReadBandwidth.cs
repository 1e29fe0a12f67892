using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Formwork.Runtime.Memory;

namespace Formwork.Benchmarks.Limits;

/// <summary>The most bytes a second that threads can read from a block: each thread walks several far streams of its share at once.</summary>
/// <remarks>A block that fits a cache measures that cache, so a small model's limit is measured over a block of its own size.</remarks>
public static unsafe class ReadBandwidth
{
    private static readonly int[] StreamCounts = [1, 4, 8];
    private const int FloatsPerRound = 64;

    /// <summary>Bytes a second over a block of <paramref name="bytes"/>: the best of several trials with one, four and eight streams a thread.</summary>
    public static double Measure(int threads, long bytes, double seconds = 0.1, int trials = 3)
    {
        using var block = new NativeBuffer(bytes / sizeof(float));
        Touch(block);

        var best = 0.0;
        foreach (var streams in StreamCounts)
        {
            // A whole number of rounds a stream; the few floats left over are not read and not counted.
            var perStream = block.Length / threads / streams / FloatsPerRound * FloatsPerRound;
            if (perStream == 0)
                continue;

            var bytesPerPass = perStream * streams * threads * sizeof(float);
            var pass = ThreadRace.Run(threads, thread => Read(block.Pointer + thread * streams * perStream, perStream, streams, 1));
            var passes = Math.Max(1, (int)(seconds / Math.Max(pass, 1e-7)));
            for (var trial = 0; trial < trials; trial++)
            {
                var time = ThreadRace.Run(threads, thread => Read(block.Pointer + thread * streams * perStream, perStream, streams, passes));
                best = Math.Max(best, (double)bytesPerPass * passes / time);
            }
        }

        return best;
    }

    // Zeroed memory that nobody wrote may be one shared page: write every page, so that reading it reads memory.
    private static void Touch(NativeBuffer block)
    {
        for (long i = 0; i < block.Length; i += 1024)
            block.Pointer[i] = 1;
    }

    private static void Read(float* start, long perStream, int streams, int passes)
    {
        for (var pass = 0; pass < passes; pass++)
        {
            Sink = Vector512.IsHardwareAccelerated ? Read<Vector512<float>, Lanes512>(start, perStream, streams)
                : Vector256.IsHardwareAccelerated ? Read<Vector256<float>, Lanes256>(start, perStream, streams)
                : Read<Vector128<float>, Lanes128>(start, perStream, streams);
        }
    }

    private static volatile float Sink;

    private static float Read<TVector, TLanes>(float* start, long perStream, int streams)
        where TVector : struct
        where TLanes : ILanes<TVector> =>
        streams == 1 ? ReadOne<TVector, TLanes>(start, perStream) : ReadFours<TVector, TLanes>(start, perStream, streams / 4);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float ReadOne<TVector, TLanes>(float* start, long length)
        where TVector : struct
        where TLanes : ILanes<TVector>
    {
        TVector s0 = default, s1 = default, s2 = default, s3 = default;
        for (long i = 0; i < length; i += 4 * TLanes.Count)
        {
            s0 = TLanes.Add(s0, TLanes.Load(start + i));
            s1 = TLanes.Add(s1, TLanes.Load(start + i + TLanes.Count));
            s2 = TLanes.Add(s2, TLanes.Load(start + i + 2 * TLanes.Count));
            s3 = TLanes.Add(s3, TLanes.Load(start + i + 3 * TLanes.Count));
        }

        return TLanes.Sum(TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(s2, s3)));
    }

    /// <summary>Reads four streams a group, each <paramref name="length"/> floats after the last, a vector of each in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float ReadFours<TVector, TLanes>(float* start, long length, int groups)
        where TVector : struct
        where TLanes : ILanes<TVector>
    {
        TVector s0 = default, s1 = default, s2 = default, s3 = default;
        for (long i = 0; i < length; i += TLanes.Count)
        {
            var stream = start + i;
            for (var group = 0; group < groups; group++, stream += 4 * length)
            {
                s0 = TLanes.Add(s0, TLanes.Load(stream));
                s1 = TLanes.Add(s1, TLanes.Load(stream + length));
                s2 = TLanes.Add(s2, TLanes.Load(stream + 2 * length));
                s3 = TLanes.Add(s3, TLanes.Load(stream + 3 * length));
            }
        }

        return TLanes.Sum(TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(s2, s3)));
    }
}
