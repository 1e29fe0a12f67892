namespace Formwork.Benchmarks.Limits;

/// <summary>Runs one piece of work on each of several threads from a common start.</summary>
internal static class ThreadRace
{
    /// <summary>Seconds from the common start until the last thread has finished; <paramref name="work"/> gets the thread's number.</summary>
    public static double Run(int threads, Action<int> work)
    {
        using var start = new Barrier(threads + 1);
        var runners = new Thread[threads];
        var ends = new TimeSpan[threads];
        for (var i = 0; i < threads; i++)
        {
            var number = i;
            runners[i] = new Thread(() =>
            {
                start.SignalAndWait();
                work(number);
                ends[number] = Clock.Now;
            });
            runners[i].Start();
        }

        start.SignalAndWait();
        var begin = Clock.Now;
        foreach (var runner in runners)
            runner.Join();
        return (ends.Max() - begin).TotalSeconds;
    }
}
