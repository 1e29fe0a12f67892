using Formwork.Training.Tests.Checkpoints;

namespace Formwork.Training.Tests;

/// <summary>What the tests' child processes do.</summary>
internal static class Program
{
    // train FOLDER: one run, resumed if there is something to resume; a line a step.
    private static int Main(string[] arguments)
    {
        if (arguments is not ["train", var folder])
            return 2;
        KilledRun.Train(folder, step => Console.WriteLine(step), threads: 2);
        return 0;
    }
}
