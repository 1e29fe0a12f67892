using System.CommandLine;
using Formwork.Cli.Output;

namespace Formwork.Cli.Commands.Learning;

/// <summary><c>formwork train</c>: a model learns from texts; its run's folder is a model's folder in the end.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var arguments = new TrainArguments();
        Command command = arguments.Command("train", "Train a model on texts, from scratch or from weights that it has, and write its weights.");
        command.SetAction(parsed =>
        {
            terminal.Quiet = parsed.GetValue(arguments.Quiet);
            terminal.Verbose = parsed.GetValue(arguments.Verbose);
            if (parsed.GetValue(arguments.Resume) is { } folder)
                new TrainingRun(arguments, RunRecord.Resumed(folder, parsed, arguments.OfTheMoment), folder, IsResumed: true).Train(terminal, cancellation);
            else
                new TrainingRun(arguments, parsed, arguments.FolderOf(parsed), IsResumed: false).Train(terminal, cancellation);
            return ExitCodes.Success;
        });
        return command;
    }
}
