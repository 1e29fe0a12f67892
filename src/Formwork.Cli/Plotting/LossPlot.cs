using Formwork.Runtime;
using ScottPlot;
using ScottPlot.Plottables;
using SkiaSharp;

namespace Formwork.Cli.Plotting;

/// <summary>Draws how losses fell: of one run training, evaluation and learning rate; of several, training and evaluation of each in a colour of its own.</summary>
internal static class LossPlot
{
    private const int Width = 1000, Height = 620, SmoothedShare = 50;
    private const string LossLabel = "loss (nats a token)";
    private static readonly string[] PreferredFonts = ["Inter", "Open Sans", "Segoe UI", "Helvetica Neue", "Arial", "DejaVu Sans", "Liberation Sans", "Noto Sans"];
    private static readonly string[] Colours = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#17becf", "#e377c2"];
    private static readonly Color Grey = Color.FromHex("#8a8a8a");

    /// <summary>What the picture in a run's folder is called.</summary>
    public const string UsualName = "loss.png";

    /// <summary>The pictures' kinds, by extension.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".png", ".svg"];

    /// <summary>What there is to say about pictures on this system; null for nothing.</summary>
    public static string? Warning => SKFontManager.Default.FontFamilies.Any() ? null : "no fonts are installed here, so the picture has no words";

    /// <summary>Draws runs into a file, a PNG or, by its extension, an SVG.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written, or this system has no drawing library.</exception>
    public static void Save(IReadOnlyList<RunMetrics> runs, string path)
    {
        try
        {
            Plot plot = Draw(runs);
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            if (path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
                plot.SaveSvg(path, Width, Height);
            else
                plot.SavePng(path, Width, Height);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                path, null, $"a file that cannot be written ({error.Message})", "a place for the picture", "Name another one: --output.", error);
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException)
        {
            throw new InvalidInputException(path, null, "no SkiaSharp for this system", "the library that draws", $"Draw {RunMetrics.FileName} elsewhere.", error);
        }
    }

    private static Plot Draw(IReadOnlyList<RunMetrics> runs)
    {
        UseFont();
        var plot = new Plot();
        plot.Axes.Color(Color.FromHex("#333333"));
        plot.Grid.MajorLineColor = Color.FromHex("#e4e4e4");
        plot.Axes.Title.Label.Text = runs.Count == 1 ? runs[0].Name : "Runs compared";
        plot.Axes.Bottom.Label.Text = "step";
        plot.Axes.Left.Label.Text = LossLabel;
        foreach (IAxis axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left, plot.Axes.Right })
        {
            axis.Label.Bold = false;
            axis.Label.FontSize = 15;
            axis.TickLabelStyle.FontSize = 13;
        }
        plot.Axes.Title.Label.FontSize = 18;
        for (int run = 0; run < runs.Count; run++)
            Add(plot, runs[run], runs.Count == 1 ? null : Color.FromHex(Colours[run % Colours.Length]));
        plot.Legend.FontSize = 13;
        plot.ShowLegend(Alignment.UpperRight);
        Scale(plot, runs);
        return plot;
    }

    private static void Add(Plot plot, RunMetrics run, Color? own)
    {
        string prefix = own is null ? "" : run.Name + ": ";
        Color training = own ?? Color.FromHex(Colours[0]), evaluation = own ?? Color.FromHex(Colours[1]);
        double[] steps = [.. run.Training.Select(entry => (double)entry.Step)], losses = [.. run.Training.Select(entry => entry.Loss)];
        if (own is null && run.Training.Any(entry => entry.LearningRate > 0))
            AddLearningRate(plot, run, steps);
        if (steps.Length > 0)
        {
            if (own is null)
                Line(plot, steps, losses, training.WithAlpha(0.25), 1, null);
            Line(plot, steps, Smoothed(losses), training, 2, prefix + (losses.Length >= 2 * SmoothedShare ? "training, smoothed" : "training"));
        }
        if (run.Evaluation.Count == 0)
            return;
        Scatter held = Line(plot, [.. run.Evaluation.Select(entry => (double)entry.Step)], [.. run.Evaluation.Select(entry => entry.Loss)], evaluation, 2,
            FormattableString.Invariant($"{prefix}evaluation, least {run.Evaluation.Min(entry => entry.Loss):F3}"));
        held.MarkerShape = MarkerShape.FilledCircle;
        held.MarkerSize = run.Evaluation.Count > 40 ? 4 : 7;
        held.LinePattern = own is null ? LinePattern.Solid : LinePattern.Dashed;
    }

    private static void AddLearningRate(Plot plot, RunMetrics run, double[] steps)
    {
        Scatter rate = Line(plot, steps, [.. run.Training.Select(entry => entry.LearningRate)], Grey, 1.5f, "learning rate");
        rate.LinePattern = LinePattern.Dotted;
        rate.Axes.YAxis = plot.Axes.Right;
        plot.Axes.Right.Label.Text = "learning rate";
        plot.Axes.Right.Label.ForeColor = Grey;
        plot.Axes.Right.TickLabelStyle.ForeColor = Grey;
        // Below the curves, with room above for the legend.
        plot.Axes.SetLimitsY(0, run.Training.Max(entry => entry.LearningRate) * 1.6, plot.Axes.Right);
    }

    private static Scatter Line(Plot plot, double[] steps, double[] values, Color colour, float width, string? legend)
    {
        Scatter line = plot.Add.ScatterLine(steps, values, colour);
        line.LineWidth = width;
        if (legend is not null)
            line.LegendText = legend;
        return line;
    }

    // A step's loss jumps, so a fiftieth of the run is averaged: as much after a step as before it, lest the curve come late.
    private static double[] Smoothed(double[] values)
    {
        double[] sums = new double[values.Length + 1], smoothed = new double[values.Length];
        for (int index = 0; index < values.Length; index++)
            sums[index + 1] = sums[index] + values[index];
        for (int index = 0; index < values.Length; index++)
        {
            int side = Math.Min(values.Length / (2 * SmoothedShare), index), end = Math.Min(index + side + 1, values.Length);
            smoothed[index] = (sums[end] - sums[index - side]) / (end - index + side);
        }
        return smoothed;
    }

    private static void Scale(Plot plot, IReadOnlyList<RunMetrics> runs)
    {
        double[] losses = [.. runs.SelectMany(run => run.Training.Select(entry => entry.Loss).Concat(run.Evaluation.Select(entry => entry.Loss)))];
        long last = runs.SelectMany(run => run.Training.Select(entry => entry.Step).Concat(run.Evaluation.Select(entry => entry.Step))).Max();
        double least = losses.Min(), most = losses.Max(), room = Math.Max(most - least, 1e-3) * 0.05;
        plot.Axes.SetLimits(0, last * 1.02, Math.Max(0, least - room), most + room);
    }

    private static void UseFont()
    {
        HashSet<string> installed = new(SKFontManager.Default.FontFamilies, StringComparer.OrdinalIgnoreCase);
        if (PreferredFonts.FirstOrDefault(installed.Contains) is { } font)
            Fonts.Default = font;
    }
}
