using System.Globalization;
using Formwork.Benchmarks.Peers.Libtorch;
using Formwork.Benchmarks.Reports;
using Formwork.Benchmarks.Workloads;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Training side by side: tokens a second, the parts of a step, memory.</summary>
internal sealed class TrainingReport(IReadOnlyList<int> threadCounts, int repeats, TextWriter progress)
{
    private readonly List<string> _refused = [];

    /// <summary>Runs the rows and gives the tables with their notes as Markdown.</summary>
    public string Run(IReadOnlyList<TrainingRow> rows)
    {
        LibtorchAllocator.KeepMemory();
        var results = new List<TrainingResult>();
        var memory = new MarkdownTable(["memory, MB", .. Names, .. Names.Skip(1).Select(peer => $"÷ {peer}")]);
        foreach (var row in rows)
        {
            results.AddRange(threadCounts.Select(threads => Race(row, threads)).OfType<TrainingResult>());
            AddMemory(memory, row);
        }

        if (results.Count == 0)
            return string.Concat(_refused.Select(reason => $"- {reason}\n"));
        var section = new RaceSection([.. results.Select(result => result.Row)], repeats);
        return $"{section.Table("training (tokens/s)")}\n{PartsTable(results)}\n{memory}\n" + section.Notes(
            "first losses, without dropout,", "the multiply-adds of forward and backward pass at the FMA peak,", [.. Notes, .. _refused]);
    }

    /// <summary>A contender by its name.</summary>
    public static ITrainingContender Contender(TrainingRow row, string name) => name == FormworkNames.Contender ? new FormworkTrainer(row)
        : !LibtorchPeer.IsThere ? throw new InvalidOperationException(LibtorchPeer.Note)
        : row.Shape.EncoderLayers > 0 ? new LibtorchTransformerTrainer(row) : new LibtorchGptTrainer(row);

    private static string[] Names => LibtorchPeer.IsThere ? [FormworkNames.Contender, LibtorchModel.PeerName] : [FormworkNames.Contender];

    private static string[] Notes =>
    [
        "A step: both passes, clipping to a norm of 1, AdamW; tokens are the target's. Ours runs forward and backward pass in one call: backward is what it takes more than a forward pass alone",
        "Of peak: our multiply-adds of both passes, at the FMA peak, over the time that they take",
        "transformer-tiny: dropout 0.3, label smoothing 0.1, 533 captions of 15 target tokens and 13 or 14 source tokens, a length-bucketed batch of Multi30k's: libtorch pads next to nothing",
        "Memory: the most that a process holds which does nothing else, .NET and all libraries included, with as many threads as the last row's",
        LibtorchPeer.IsThere
            ? $"libtorch {LibtorchModel.Version}: fused attention, fused AdamW, gradients set to none, f32; for speed its allocator keeps freed memory, for memory it is left as it is"
            : LibtorchPeer.Note,
    ];

    private TrainingResult? Race(TrainingRow row, int threads)
    {
        var contenders = Names.Select(name => Contender(row, name)).ToArray();
        try
        {
            var result = new TrainingRace(row, contenders, threads).Run(repeats);
            progress.WriteLine($"{row.Name}, {threads} thread(s): {string.Join(", ", result.Row.PerSecond.Select(pair => $"{pair.Key} {pair.Value}"))}");
            return result;
        }
        catch (InvalidOperationException refusal)
        {
            progress.WriteLine(refusal.Message);
            _refused.Add($"Not shown, for they do not compute the same: {refusal.Message}");
            return null;
        }
        finally
        {
            foreach (var contender in contenders)
                contender.Dispose();
        }
    }

    private void AddMemory(MarkdownTable table, TrainingRow row)
    {
        var bytes = Names.Select(name => TrainingMemory.Measure(row, name, threadCounts[^1])).OfType<long>().ToArray();
        if (bytes.Length < Names.Length)
            return;
        progress.WriteLine($"{row.Name}: {string.Join(", ", Names.Zip(bytes, (name, count) => $"{name} {count >> 20} MiB"))}");
        table.Add([
            row.Name,
            .. bytes.Select(count => (count / 1e6).ToString("N0", CultureInfo.InvariantCulture)),
            .. bytes.Skip(1).Select(peer => ((double)bytes[0] / peer).ToString("F2", CultureInfo.InvariantCulture)),
        ]);
    }

    private static MarkdownTable PartsTable(List<TrainingResult> results)
    {
        var names = Names;
        var table = new MarkdownTable(["parts of a step, ms", "threads", .. names.SelectMany(name => new[] { $"{name} forward", "backward", "optimizer" }), "of peak"]);
        foreach (var (row, parts) in results)
        {
            var tokens = TrainingRow.All.Single(found => found.Name == row.Name).Tokens;
            table.Add([
                row.Name,
                row.Threads + (row.Limits.Undisturbed ? "" : " †"),
                .. names.SelectMany(name => new[] { parts[name].Forward, parts[name].Backward, parts[name].Optimizer }).Select(samples => Samples.Rounded(samples.Median)),
                (1000 * tokens / parts[names[0]].Passes.Median / row.LimitPerSecond).ToString("P0", CultureInfo.InvariantCulture),
            ]);
        }

        return table;
    }
}
