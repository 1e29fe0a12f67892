using System.Runtime.InteropServices;

namespace Formwork.Generators.Tests.Packaging;

/// <summary>A fact that compiles ahead of time; skipped, with the reason, where there is no C compiler to link with or no compiler package.</summary>
internal sealed class NativeAotFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_reason = new(Reason);

    public NativeAotFactAttribute() => Skip = s_reason.Value;

    /// <summary>NativeAOT links with clang unless told.</summary>
    public static string[] LinkerOptions => IsOnPath("clang") ? [] : ["-p:CppCompilerAndLinker=gcc"];

    private static string? Reason()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        if (!IsOnPath("clang") && !IsOnPath("gcc"))
            return "There is neither clang nor gcc here, and NativeAOT links with one of them.";
        return CanRestoreCompiler().GetAwaiter().GetResult() ? null : "The package of the NativeAOT compiler cannot be reached from here.";
    }

    /// <summary>Restores an empty project: the cheapest way to ask every feed that the machine has.</summary>
    private static async Task<bool> CanRestoreCompiler()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("formwork-aot-");
        try
        {
            foreach (string file in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, file), "<Project />");
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Probe.csproj"), """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <TargetFramework>net10.0</TargetFramework>
                    <PublishAot>true</PublishAot>
                  </PropertyGroup>
                </Project>
                """);
            return (await Command.Dotnet(folder.FullName, "restore", "-r", RuntimeInformation.RuntimeIdentifier)).ExitCode == 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
