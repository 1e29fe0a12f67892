namespace Formwork.Generators.Tests.Packaging;

/// <summary>Somebody else's generator that also reads YAML, with an older YamlDotNet beside it, and says which one it was given.</summary>
internal sealed class OtherAnalyzer : IDisposable
{
    public const string YamlDotNetVersion = "16.";
    private const string PackageVersion = "16.3.0";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("formwork-other-");

    /// <summary>What a project says to use it; it comes before ours on the compiler's command line.</summary>
    public string AnalyzerItems => string.Concat(
        new[] { "YamlDotNet.dll", "OtherAnalyzer.dll" }.Select(file => $"""<Analyzer Include="{Path.Combine(_folder.FullName, "out", file)}" />"""));

    public async Task Build()
    {
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
        Write("Directory.Packages.props", "<Project />");
        Write("OtherAnalyzer.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>netstandard2.0</TargetFramework>
                <LangVersion>latest</LangVersion>
                <CopyLocalLockFileAssemblies>true</CopyLocalLockFileAssemblies>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.CodeAnalysis.CSharp" Version="5.0.0" PrivateAssets="all" ExcludeAssets="analyzers" />
                <PackageReference Include="YamlDotNet" Version="{PackageVersion}" />
              </ItemGroup>
            </Project>
            """);
        Write("OtherGenerator.cs", """
            using Microsoft.CodeAnalysis;

            namespace OtherAnalyzer;

            [Generator(LanguageNames.CSharp)]
            public sealed class OtherGenerator : IIncrementalGenerator
            {
                public void Initialize(IncrementalGeneratorInitializationContext context) =>
                    context.RegisterPostInitializationOutput(output =>
                    {
                        var parser = new YamlDotNet.Core.Parser(new System.IO.StringReader("a: 1"));
                        while (parser.MoveNext())
                        {
                        }

                        string version = parser.GetType().Assembly.GetName().Version.ToString();
                        output.AddSource("Generated.g.cs", $"namespace OtherAnalyzer; public static class Generated {{ public const string YamlDotNetVersion = \"{version}\"; }}");
                    });
            }
            """);
        (await Command.Dotnet(_folder.FullName, "build", "-c", "Release", "-o", "out")).Succeeded();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder.FullName, file), text);
}
