using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Formwork.Cli.Tests;

public sealed class NewTests : IDisposable
{
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;";
    private readonly Tool _tool = new();

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    [InlineData("minimal")]
    public void TemplateIsASpecAndAProgramThatCompiles(string template)
    {
        ToolResult made = _tool.Run("new", "Tale", "--template", template);
        Assert.True(made.ExitCode == 0, made.Error);
        Assert.Equal("", made.Output);
        string folder = Path.Combine(_tool.Home, "Tale"), emitted = Path.Combine(_tool.Home, "emitted");
        Assert.Equal(["Program.cs", "Tale.csproj", "Tale.model.yaml"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(folder), file => Assert.DoesNotContain("{{", File.ReadAllText(file)));
        Assert.Contains("0 errors, 0 warnings", _tool.Run("check", folder).Error);
        Assert.Equal(0, _tool.Run("emit", folder, "-o", emitted).ExitCode);
        Assert.Empty(Errors([.. Directory.GetFiles(emitted), Path.Combine(folder, "Program.cs")]));
    }

    [Fact]
    public void FolderThatHoldsSomethingIsLeftAlone()
    {
        string kept = _tool.Write("Tale/kept.txt", "mine");
        ToolAssert.InvalidInput(_tool.Run("new", "Tale"), "Tale");
        Assert.Equal([kept], Directory.GetFiles(Path.Combine(_tool.Home, "Tale")));
    }

    [Fact]
    public void NameThatTheCompilerRefusesLeavesNothingBehind()
    {
        ToolAssert.InvalidInput(_tool.Run("new", "Batch"), "Batch");
        Assert.False(Directory.Exists(Path.Combine(_tool.Home, "Batch")));
    }

    [Fact]
    public void OutputNamesAnotherFolder()
    {
        Assert.Equal(0, _tool.Run("new", "Tale", "-o", "elsewhere").ExitCode);
        Assert.Contains("\"models\", \"elsewhere\"", File.ReadAllText(Path.Combine(_tool.Home, "elsewhere", "Program.cs")));
    }

    private static IEnumerable<string> Errors(string[] files)
    {
        var options = new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
        SyntaxTree[] trees = [CSharpSyntaxTree.ParseText(ImplicitUsings), .. files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file))];
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create("Tale", trees, references, options).GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(diagnostic => diagnostic.ToString());
    }

    public void Dispose() => _tool.Dispose();
}
