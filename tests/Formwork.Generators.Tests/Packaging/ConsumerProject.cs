using System.Runtime.InteropServices;
using Formwork.TestSupport;

namespace Formwork.Generators.Tests.Packaging;

/// <summary>A console project outside the sources, as a user has one: a spec with its weights and tokenizer, and the package.</summary>
internal sealed class ConsumerProject : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("formwork-consumer-");

    public ConsumerProject(PackageFeed feed, string properties = "", string items = "", string package = "Formwork")
    {
        // Nothing above this folder may reach into the project.
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
        Write("Directory.Packages.props", "<Project />");
        Write("nuget.config", $"""<configuration><packageSources><add key="formwork" value="{feed.Folder}" /></packageSources></configuration>""");
        Write("Consumer.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{feed.Version}" />
                {items}
              </ItemGroup>
            </Project>
            """);
        Write("Program.cs", Program);
        CopyModel(Path.Combine(TestData.Repository, "models", "stories260k"), Path.Combine(Folder, "Stories"));
    }

    public string Folder => _folder.FullName;

    /// <summary>Adds a file that writes one expression to standard error before the program starts.</summary>
    public void Tell(string expression) => Write("Tell.cs", $$"""
        internal static class Telling
        {
            [System.Runtime.CompilerServices.ModuleInitializer]
            internal static void Tell() => Console.Error.WriteLine({{expression}});
        }
        """);

    /// <summary>What a first program with Formwork looks like.</summary>
    private const string Program = """
        using Formwork.Models;
        using Formwork.Runtime.Generation;
        using Formwork.Runtime.Sampling;

        using var model = Stories260K.Load(Path.Combine(AppContext.BaseDirectory, "models", "Stories"));
        var options = new GenerationOptions { Sampling = new SamplingOptions { Temperature = 0 }, MaxLength = 200, EchoPrompt = true };
        foreach (string piece in model.Generate("Once upon a time", options))
            Console.Write(piece);
        Console.WriteLine();
        """;

    public void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);

    public Task<Command> Build(params string[] options) => Command.Dotnet(Folder, ["build", "-c", "Release", .. options]);

    /// <summary>Builds and runs; what the program said.</summary>
    public async Task<Command> BuildAndRun()
    {
        (await Build()).Succeeded();
        return (await Command.Dotnet(Folder, Path.Combine("bin", "Release", "net10.0", "Consumer.dll"))).Succeeded();
    }

    /// <summary>Publishes ahead of time for this machine and runs the native program.</summary>
    public async Task<Command> PublishAndRun(params string[] options)
    {
        (await Command.Dotnet(Folder, ["publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", "published", .. options])).Succeeded();
        string program = Path.Combine(Folder, "published", OperatingSystem.IsWindows() ? "Consumer.exe" : "Consumer");
        return (await Command.Run(Path.GetTempPath(), program)).Succeeded();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void CopyModel(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from).Where(file => !file.EndsWith(".csproj", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
