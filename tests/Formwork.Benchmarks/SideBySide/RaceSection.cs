using System.Globalization;
using Formwork.Benchmarks.Limits;
using Formwork.Benchmarks.Reports;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Races as Markdown: what each contender did a second, ratios to the peers, shares of the machine's limit, and notes.</summary>
internal sealed class RaceSection(IReadOnlyList<RowResult> results, int repeats)
{
    private const string Ours = FormworkNames.Contender;

    /// <summary>The table; <paramref name="heading"/> says what is counted.</summary>
    public string Table(string heading)
    {
        var names = results[0].PerSecond.Keys.ToArray();
        var peers = names.Where(name => name != Ours).ToArray();
        var table = new MarkdownTable([heading, "threads", "limit", .. names, "of limit", .. peers.Select(peer => $"÷ {peer}")]);
        foreach (var result in results)
        {
            var ours = result.PerSecond[Ours].Median;
            table.Add([
                result.Name,
                result.Threads + (result.Limits.Undisturbed ? "" : " †"),
                Samples.Rounded(result.LimitPerSecond),
                .. names.Select(name => result.PerSecond[name].ToString()),
                (ours / result.LimitPerSecond).ToString("P0", CultureInfo.InvariantCulture),
                .. peers.Select(peer => (ours / result.PerSecond[peer].Median).ToString("F2", CultureInfo.InvariantCulture)),
            ]);
        }

        return table.ToString();
    }

    /// <summary>The lines below it.</summary>
    /// <param name="compared">Which outputs were compared.</param>
    /// <param name="limit">What the limit is.</param>
    /// <param name="peers">What the peers are.</param>
    public string Notes(string compared, string limit, IReadOnlyList<string> peers)
    {
        var notes = new List<string>
        {
            $"Medians of {repeats} alternating turns, ± half the range. Random weights, the same for all; the contenders' {compared} differ by at most {results.Max(result => result.Disagreement):P2} of the largest.",
            $"Limit: {limit} measured around the row with as many threads, the bandwidth over a block of the weights' size.",
        };
        if (results.Any(result => !result.Limits.Undisturbed))
            notes.Add($"† The FMA peak scaled less than {MachineLimits.LeastScalingPerThread * 2:F1}× from one to two threads while this row ran: the machine was shared.");
        notes.AddRange(peers);
        return string.Concat(notes.Select(note => $"- {note.TrimEnd('.')}.\n"));
    }
}
