using System.Diagnostics;

namespace Formwork.Generators.Tests.Packaging;

/// <summary>Runs a program to its end and keeps what it said.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record Command(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(9);

    /// <summary>Runs <c>dotnet</c>, as a shell outside this test run would.</summary>
    public static Task<Command> Dotnet(string folder, params string[] arguments) => Run(folder, "dotnet", arguments);

    public static async Task<Command> Run(string folder, string program, params string[] arguments)
    {
        using Process process = Process.Start(Describe(folder, program, arguments)) ?? throw new InvalidOperationException($"{program} did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} had not ended after {s_limit}.");
        }

        return new Command(process.ExitCode, await output, await error);
    }

    /// <summary>This, if it succeeded; otherwise the test fails with all that was said.</summary>
    public Command Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}\n{Error}");
        return this;
    }

    private static ProcessStartInfo Describe(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // The test host runs below MSBuild, whose variables would tell the inner one where it is, wrongly.
        foreach (string name in start.Environment.Keys.Where(IsMsBuilds).ToArray())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        return start;
    }

    private static bool IsMsBuilds(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name is "DOTNET_HOST_PATH" or "DOTNET_CLI_CONTEXT_VERBOSE";
}
