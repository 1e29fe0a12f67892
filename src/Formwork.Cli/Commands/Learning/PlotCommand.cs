using System.CommandLine;
using Formwork.Cli.Output;
using Formwork.Cli.Plotting;

namespace Formwork.Cli.Commands.Learning;

/// <summary><c>formwork plot</c>: the loss curves of runs, at any time, also while they train.</summary>
internal static class PlotCommand
{
    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("run")
        {
            Description = $"The folder of a run, or its {RunMetrics.FileName}; several to compare them.", Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The picture, .png or .svg; loss.png in the run's folder unless said.", HelpName = "file",
        };
        output.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !LossPlot.Extensions.Contains(Path.GetExtension(token.Value), StringComparer.OrdinalIgnoreCase))
                result.AddError($"--output is {token.Value}; it must end in {string.Join(" or ", LossPlot.Extensions)}.");
        });
        var command = new Command("plot", "Draw the loss curve of a run, or of several.") { runs, output };
        command.SetAction(parsed =>
        {
            string[] paths = parsed.GetRequiredValue(runs);
            RunMetrics[] metrics = [.. paths.Select(RunMetrics.Read)];
            string folder = Directory.Exists(paths[0]) ? paths[0] : Path.GetDirectoryName(paths[0]) ?? "";
            string path = parsed.GetValue(output) ?? Path.Combine(folder, LossPlot.UsualName);
            LossPlot.Save(metrics, path);
            if (LossPlot.Warning is { } warning)
                terminal.Say($"formwork: warning: {warning}");
            terminal.Write(path + "\n");
            return ExitCodes.Success;
        });
        return command;
    }
}
