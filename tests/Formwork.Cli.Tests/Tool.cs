using System.Diagnostics;
using System.Text;

namespace Formwork.Cli.Tests;

/// <summary>Runs the built <c>formwork</c> as a user does: a process, its two streams, its exit code.</summary>
public sealed class Tool : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Lazy<(string Name, byte[] File)> CompiledStories = new(CompileStories);
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("formwork-tests-");

    /// <summary>A folder of this tool's own, deleted in the end.</summary>
    public string Home => _home.FullName;

    /// <summary>Where its compiled models are kept.</summary>
    public string CacheFolder => Path.Combine(Home, "cache", "formwork");

    /// <summary>Overrides where the built tool stands.</summary>
    public string Program { get; init; } = Path.Combine(AppContext.BaseDirectory, "formwork.dll");

    /// <summary>A tool that has compiled the stories' model already; compiling takes seconds, and most tests are not about it.</summary>
    public static Tool WithCompiledStories()
    {
        var tool = new Tool();
        Directory.CreateDirectory(tool.CacheFolder);
        (string name, byte[] file) = CompiledStories.Value;
        File.WriteAllBytes(Path.Combine(tool.CacheFolder, name), file);
        return tool;
    }

    /// <summary>Runs it to its end with nothing on standard input.</summary>
    public ToolResult Run(params string[] arguments) => RunWithInput("", arguments);

    /// <summary>Runs it to its end.</summary>
    public ToolResult RunWithInput(string input, params string[] arguments)
    {
        using Process process = Start(arguments);
        process.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes(input));
        process.StandardInput.Close();
        return End(process);
    }

    /// <summary>Starts it, its streams open.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Home,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Program);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(Home, "cache");
        start.Environment.Remove("NO_COLOR");
        return Process.Start(start)!;
    }

    /// <summary>Waits for a started one to end.</summary>
    public static ToolResult End(Process process)
    {
        var output = new MemoryStream();
        Task copying = process.StandardOutput.BaseStream.CopyToAsync(output);
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!Task.WhenAll(copying, error, process.WaitForExitAsync()).Wait(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"formwork did not end within {Patience}.");
        }
        return new ToolResult(process.ExitCode, output.ToArray(), error.Result);
    }

    /// <summary>Writes a file below <see cref="Home"/>, and gives its path.</summary>
    public string Write(string name, string text)
    {
        string path = Path.Combine(Home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => _home.Delete(recursive: true);

    private static (string Name, byte[] File) CompileStories()
    {
        using var tool = new Tool();
        ToolResult result = tool.Run("run", Models.Stories, "Once", "-n", "0");
        if (result.ExitCode != 0)
            throw new InvalidOperationException(result.Error);
        string path = Directory.GetFiles(tool.CacheFolder).Single();
        return (Path.GetFileName(path), File.ReadAllBytes(path));
    }
}

/// <summary>How a run of the tool ended.</summary>
public sealed record ToolResult(int ExitCode, byte[] OutputBytes, string Error)
{
    /// <summary>Standard output as text.</summary>
    public string Output => Encoding.UTF8.GetString(OutputBytes);
}
