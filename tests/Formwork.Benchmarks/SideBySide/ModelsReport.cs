using Formwork.Benchmarks.Workloads;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Whole decoders side by side, one sequence each.</summary>
internal sealed class ModelsReport(Contenders contenders, IReadOnlyList<int> threadCounts, int repeats)
{
    /// <summary>Runs the rows and gives the table with its notes as Markdown.</summary>
    public string Run(IReadOnlyList<WorkRow> rows, TextWriter progress)
    {
        var series = new RaceSeries(threadCounts, repeats, progress);
        var results = new List<RowResult>();
        foreach (var group in rows.GroupBy(row => row.Shape))
        {
            progress.WriteLine($"{group.Key.Name}: building the contenders");
            results.AddRange(series.Run(contenders.Create(group.Key, group.Max(row => row.Capacity)), group.Select(row => new DecoderWork(row))));
        }

        var section = new RaceSection(results, repeats);
        return section.Table("work (tokens/s)") + "\n" + section.Notes(
            "last logits",
            "the row's multiply-adds at the FMA peak (prefill), or its f32 weights and cache read once a token at the read bandwidth (decode), both",
            contenders.Notes);
    }
}
