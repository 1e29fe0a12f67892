using System.Diagnostics;
using System.Globalization;
using Formwork.Benchmarks.Limits;
using Formwork.Benchmarks.Reports;
using Formwork.Benchmarks.SideBySide;
using Formwork.Benchmarks.Workloads;
using Formwork.Compiler;

namespace Formwork.Benchmarks.Generating;

/// <summary>What generating costs inside the compiler: text in, C# out. Cold is the first call of a process, as in a command-line build; warm a later one, as in an editor.</summary>
internal static class GenerateReport
{
    /// <summary>The hidden verb of the child process that measures a first call.</summary>
    public const string ColdVerb = "generate-once";

    private const string ColdBar = "300";
    private const string WarmBar = "50";
    private static readonly int[] LayerCounts = [12, 24, 48, 120];

    /// <summary>The table of the 124M spec and of time against layers.</summary>
    public static string Run(int repeats)
    {
        var table = new MarkdownTable("spec", "cold, ms", "bar", "warm, ms", "bar", "warm, µs a layer", "files", "emitted, KB");
        foreach (var layers in LayerCounts)
        {
            var text = Gpt2(layers);
            var warm = Warm(text, repeats);
            var isMain = layers == LayerCounts[0];
            var files = Compile(text).Files;
            table.Add(
                $"gpt2, {layers} layers",
                Cold(layers, repeats).ToString(),
                isMain ? ColdBar : "",
                warm.ToString(),
                isMain ? WarmBar : "",
                (warm.Median * 1000 / layers).ToString("F0", CultureInfo.InvariantCulture),
                files.Count.ToString(CultureInfo.InvariantCulture),
                (files.Sum(file => file.Text.Length) / 1024).ToString("N0", CultureInfo.InvariantCulture));
        }

        return table + $"\n- Parse and compile, medians of {repeats}, ± half the range. Cold: each in a fresh process, loading and just-in-time compiling the compiler included.\n";
    }

    /// <summary>Runs in the child process: prints the milliseconds of the process's first call.</summary>
    public static void PrintFirstCall(int layers, bool processorTime)
    {
        Clock.UsesProcessorTime = processorTime;
        var text = Gpt2(layers);
        var begin = Clock.Now;
        Compile(text);
        Console.WriteLine((Clock.Now - begin).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>GPT-2's spec with another number of layers.</summary>
    public static ModelText Gpt2(int layers)
    {
        var text = ModelFiles.Text("gpt2");
        return text with { Text = text.Text.Replace("\nlayers: 12\n", $"\nlayers: {layers}\n", StringComparison.Ordinal) };
    }

    /// <summary>Text to C#.</summary>
    public static CompiledModel Compile(ModelText text) => ModelCompiler.Compile(ModelFiles.Spec(text));

    private static Samples Warm(ModelText text, int repeats)
    {
        var samples = new Samples();
        for (var warmUp = 0; warmUp < 30; warmUp++)
            Compile(text);
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var begin = Clock.Now;
            Compile(text);
            samples.Add((Clock.Now - begin).TotalMilliseconds);
        }

        return samples;
    }

    private static Samples Cold(int layers, int repeats)
    {
        var samples = new Samples();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!, [ColdVerb, layers.ToString(CultureInfo.InvariantCulture), Clock.UsesProcessorTime.ToString()]) { RedirectStandardOutput = true };
            using var child = Process.Start(start)!;
            var answer = child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            samples.Add(double.Parse(answer, CultureInfo.InvariantCulture));
        }

        return samples;
    }
}
