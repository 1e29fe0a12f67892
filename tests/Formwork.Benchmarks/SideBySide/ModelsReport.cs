using System.Globalization;
using Formwork.Benchmarks.Limits;
using Formwork.Benchmarks.Reports;
using Formwork.Benchmarks.Workloads;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Whole models side by side: tokens a second, ratios to the peers, shares of the machine's limit.</summary>
internal sealed class ModelsReport(Contenders contenders, IReadOnlyList<int> threadCounts, int repeats)
{
    private const string Ours = FormworkDecoder.ContenderName;

    /// <summary>Runs the rows and gives the table with its notes as Markdown.</summary>
    public string Run(IReadOnlyList<WorkRow> rows, TextWriter progress)
    {
        var results = new List<RowResult>();
        foreach (var group in rows.GroupBy(row => row.Shape))
        {
            progress.WriteLine($"{group.Key.Name}: building the contenders");
            var taking = contenders.Create(group.Key, group.Max(row => row.Capacity));
            try
            {
                foreach (var row in group)
                {
                    foreach (var threads in threadCounts)
                    {
                        var result = new Race(taking, row, threads).Run(repeats);
                        progress.WriteLine($"{row.Name}, {threads} thread(s): {string.Join(", ", result.TokensPerSecond.Select(pair => $"{pair.Key} {pair.Value}"))}");
                        results.Add(result);
                    }
                }
            }
            finally
            {
                foreach (var contender in taking)
                    contender.Dispose();
            }
        }

        return Table(results) + "\n" + Notes(results);
    }

    private static string Table(List<RowResult> results)
    {
        var names = results[0].TokensPerSecond.Keys.ToArray();
        var peers = names.Where(name => name != Ours).ToArray();
        var table = new MarkdownTable(["work (tokens/s)", "threads", "limit", .. names, "of limit", .. peers.Select(peer => $"÷ {peer}")]);
        foreach (var result in results)
        {
            var ours = result.TokensPerSecond[Ours].Median;
            var limit = result.Row.LimitTokensPerSecond(result.Limits);
            table.Add([
                result.Row.Name,
                result.Threads + (result.Limits.Undisturbed ? "" : " †"),
                Samples.Rounded(limit),
                .. names.Select(name => result.TokensPerSecond[name].ToString()),
                (ours / limit).ToString("P0", CultureInfo.InvariantCulture),
                .. peers.Select(peer => (ours / result.TokensPerSecond[peer].Median).ToString("F2", CultureInfo.InvariantCulture)),
            ]);
        }

        return table.ToString();
    }

    private string Notes(List<RowResult> results)
    {
        var notes = new List<string>
        {
            $"Medians of {repeats} alternating turns, ± half the range. Random weights, the same for all; the contenders' last logits differ by at most {results.Max(result => result.Disagreement):P2} of the largest.",
            "Limit: the row's multiply-adds at the FMA peak (prefill), or its f32 weights and cache read once a token at the read bandwidth (decode), both measured around the row with as many threads, the bandwidth over a block of the weights' size.",
        };
        if (results.Any(result => !result.Limits.Undisturbed))
            notes.Add($"† The FMA peak scaled less than {MachineLimits.LeastScalingPerThread * 2:F1}× from one to two threads while this row ran: the machine was shared.");
        notes.AddRange(contenders.Notes);
        return string.Concat(notes.Select(note => $"- {note.TrimEnd('.')}.\n"));
    }
}
