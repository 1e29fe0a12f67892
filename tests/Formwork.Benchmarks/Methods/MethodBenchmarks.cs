using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Formwork.Benchmarks.Methods;

/// <summary>The benchmarks of single methods, run by BenchmarkDotNet with its own command line (<c>--filter</c>, <c>--list</c> …).</summary>
internal static class MethodBenchmarks
{
    /// <summary>Runs what the arguments choose.</summary>
    public static void Run(string[] arguments)
    {
        // In this process: a project of BenchmarkDotNet's own would copy libtorch once more and build for a minute.
        var config = ManualConfig.Create(DefaultConfig.Instance).AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkSwitcher.FromAssembly(typeof(MethodBenchmarks).Assembly).Run(arguments.Length == 0 ? ["--filter", "*"] : arguments, config);
    }
}
