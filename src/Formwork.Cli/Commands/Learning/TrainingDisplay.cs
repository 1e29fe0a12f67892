using System.Diagnostics;
using System.Globalization;
using Formwork.Cli.Output;
using Formwork.Training;
using Spectre.Console;

namespace Formwork.Cli.Commands.Learning;

/// <summary>Shows how a run goes, on standard error: a bar that moves where a person watches, else a line now and then.</summary>
internal sealed class TrainingDisplay(Terminal terminal) : ITrainingObserver
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _sinceLine = new();
    private ProgressTask? _bar;

    /// <summary>The last step's loss without label smoothing, in nats a token; NaN before the first.</summary>
    public double LastLoss { get; private set; } = double.NaN;

    /// <summary>Does the training, shown while it lasts.</summary>
    public T During<T>(long steps, Func<T> work)
    {
        if (terminal.Quiet || Console.IsErrorRedirected || !terminal.Messages.Profile.Capabilities.Interactive)
            return work();
        var columns = new ProgressColumn[] { new ProgressBarColumn { Width = 24 }, new TaskDescriptionColumn { Alignment = Justify.Left } };
        return terminal.Messages.Progress().Columns(columns).Start(context =>
        {
            _bar = context.AddTask("the first step", maxValue: steps);
            try
            {
                return work();
            }
            finally
            {
                _bar.StopTask();
                _bar = null;
            }
        });
    }

    /// <inheritdoc/>
    public void Stepped(TrainingProgress progress)
    {
        LastLoss = progress.NatsPerToken;
        if (_bar is { } bar)
        {
            bar.Description = Markup.Escape(Line(progress));
            bar.Value = progress.Step;
            return;
        }
        if (_sinceLine.IsRunning && _sinceLine.Elapsed < BetweenLines && progress.Step < progress.Steps)
            return;
        _sinceLine.Restart();
        terminal.Say(Line(progress));
    }

    /// <inheritdoc/>
    public void Evaluated(long step, EvaluationResult result) => Say(string.Create(CultureInfo.InvariantCulture,
        $"step {step}: evaluation loss {result.Loss:F4}, perplexity {result.Perplexity.Value:F2}, accuracy {result.Accuracy * 100:F2} %"));

    /// <inheritdoc/>
    public void Saved(long step, string folder)
    {
        if (terminal.Verbose)
            Say($"step {step}: checkpoint {folder}");
    }

    /// <inheritdoc/>
    public void Warned(string message) => Say($"formwork: warning: {message}");

    private static string Line(TrainingProgress progress) => string.Create(CultureInfo.InvariantCulture,
        $"step {progress.Step}/{progress.Steps}  loss {progress.Loss:F4}  {progress.TokensPerSecond:N0} tokens/s  learning rate {progress.LearningRate:G3}")
        + string.Create(CultureInfo.InvariantCulture, $"  gradient norm {progress.GradientNorm:F2}  {Left(progress.TimeLeft)} left");

    private static string Left(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}");

    // Beside a bar, what is written through the same console comes to stand above it.
    private void Say(string line)
    {
        if (_bar is null)
            terminal.Say(line);
        else
            terminal.Messages.WriteLine(line);
    }
}
