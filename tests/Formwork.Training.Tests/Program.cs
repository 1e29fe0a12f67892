using System.Diagnostics;
using System.Globalization;
using Formwork.Runtime;
using Formwork.Training.Tests.Checkpoints;
using Formwork.Training.Tests.Fakes;

namespace Formwork.Training.Tests;

/// <summary>What the tests' child processes do.</summary>
internal static class Program
{
    /// <summary>Starts one.</summary>
    public static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(Program).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            // One run, resumed if there is something to resume; a line a step.
            case ["train", var folder, .. var assembly]:
                KilledRun.Train(folder, new Listener { After = step => Console.WriteLine(step) }, threads: 2, assembly.FirstOrDefault());
                return 0;
            // The same with files that cannot grow beyond so many bytes from after one step until after another; warnings, a line each, and the error.
            case ["full", var folder, var bytes, var from, var until]:
                return OnAFullDisk(folder, Number(bytes), Number(from), Number(until));
            default:
                return 2;
        }
    }

    private static int OnAFullDisk(string folder, long bytes, long from, long until)
    {
        var listener = new Listener
        {
            After = step =>
            {
                if (step == from)
                    FileSizeLimit.Set((ulong)bytes);
                else if (step == until)
                    FileSizeLimit.Set(null);
            },
        };
        try
        {
            KilledRun.Train(folder, listener, threads: 1);
            return 0;
        }
        catch (InvalidInputException error)
        {
            listener.Warned(error.Message);
            return 1;
        }
        finally
        {
            listener.Warnings.ForEach(Console.WriteLine);
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
