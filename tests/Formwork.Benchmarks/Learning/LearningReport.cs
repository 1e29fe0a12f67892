using System.Globalization;
using Formwork.Benchmarks.Peers.Libtorch;
using Formwork.Benchmarks.Reports;
using Formwork.Runtime.Models;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Formwork.Training;

namespace Formwork.Benchmarks.Learning;

/// <summary>Whole runs side by side: what both sides have learnt in the end, and how fast.</summary>
internal sealed class LearningReport(int threads, TextWriter progress)
{
    private static readonly int[] Seeds = [1, 2];

    /// <summary>Runs the tasks and gives their table as Markdown.</summary>
    public string Run(IReadOnlyList<LearningTask> tasks)
    {
        if (!LibtorchPeer.IsThere)
            return $"- {LibtorchPeer.Note}\n";
        LibtorchAllocator.KeepMemory();
        var table = new MarkdownTable([
            "learning from scratch", "threads", "seed", "steps", "held-out loss, Formwork", "libtorch", "accuracy, Formwork", "libtorch", "tokens/s, Formwork", "libtorch", "÷ libtorch",
        ]);
        foreach (var task in tasks)
        {
            foreach (var seed in Seeds)
                table.Add(Row(task, seed));
        }

        return $"{table}\nBoth sides have the same first weights, batches and learning rates, and dropout of their own. Steps alternate; evaluation is not timed.\n";
    }

    private string[] Row(LearningTask task, int seed)
    {
        using var model = task.Create(seed, new LoadOptions { Threads = threads });
        using var data = task.Data(model.Description, seed);
        using var student = task.Peer(FirstWeights(model));
        student.UseThreads(threads);
        TorchSharp.torch.manual_seed(seed);
        var options = task.Options(seed);
        using var rival = new LearningRival(student, data, options, progress, $"{task.Name}, seed {seed}");
        using var trainer = new Trainer(model, data, options, rival);
        trainer.Run();
        return
        [
            task.Name,
            Text($"{threads}"),
            Text($"{seed}"),
            Text($"{options.Steps:N0}"),
            Text($"{rival.Ours!.Loss:F3}"),
            Text($"{rival.Result!.Loss:F3}"),
            Text($"{rival.Ours.Accuracy:P1}"),
            Text($"{rival.Result.Accuracy:P1}"),
            Text($"{rival.OurTokensPerSecond:N0}"),
            Text($"{rival.TokensPerSecond:N0}"),
            Text($"{rival.OurTokensPerSecond / rival.TokensPerSecond:F2}"),
        ];
    }

    // A model without a layout of its own is saved under the names of its graph.
    private static Func<string, int, int, float[]> FirstWeights(TransformerModel model)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.safetensors");
        model.Save(path);
        using var checkpoint = Checkpoint.Open(path);
        var values = checkpoint.Tensors.Keys.ToDictionary(name => name, checkpoint.Read);
        return (name, rows, columns) => values[name] is { } found && found.Length == rows * columns ? found
            : throw new InvalidOperationException($"{name} has {values[name].Length} values instead of {rows} x {columns}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
