namespace Formwork.Benchmarks.SideBySide;

/// <summary>Races of the same contenders, one after the other.</summary>
internal sealed class RaceSeries(IReadOnlyList<int> threadCounts, int repeats, TextWriter progress)
{
    /// <summary>Runs each work with each number of threads, then disposes the contenders.</summary>
    public IReadOnlyList<RowResult> Run<TContender>(IReadOnlyList<TContender> contenders, IEnumerable<IRaceWork<TContender>> works)
        where TContender : IContender
    {
        var results = new List<RowResult>();
        try
        {
            foreach (var work in works)
            {
                foreach (var threads in threadCounts)
                {
                    var result = new Race<TContender>(contenders, work, threads).Run(repeats);
                    progress.WriteLine($"{work.Name}, {threads} thread(s): {string.Join(", ", result.PerSecond.Select(pair => $"{pair.Key} {pair.Value}"))}");
                    results.Add(result);
                }
            }
        }
        finally
        {
            foreach (var contender in contenders)
                contender.Dispose();
        }

        return results;
    }
}
