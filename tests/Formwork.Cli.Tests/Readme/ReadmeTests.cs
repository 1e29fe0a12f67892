using System.Reflection;
using Formwork.TestSupport;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Formwork.Cli.Tests.Readme;

/// <summary>What the README shows is so: its C# compiles, its story is told, its generated code is the generated code, its commands exist.</summary>
public sealed class ReadmeTests : IDisposable
{
    private const string GeneratedMark = "// Stories260K.";
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Threading; global using System.Threading.Tasks;
        """;

    private readonly Tool _tool = new();

    public static TheoryData<string> Samples => new(ReadmeText.Blocks("csharp").Where(block => !block.StartsWith(GeneratedMark, StringComparison.Ordinal)));

    public static TheoryData<string> Excerpts => new(ReadmeText.Blocks("csharp").Where(block => block.StartsWith(GeneratedMark, StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Samples))]
    public void SampleCompiles(string sample)
    {
        var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = Compile(sample).Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics) + "\n" + sample);
    }

    [Theory]
    [MemberData(nameof(Excerpts))]
    public void ExcerptOfGeneratedCodeIsWhatTheCompilerWrites(string excerpt)
    {
        // A block opens with the file's name and leaves out the indentation of the class.
        string[] lines = excerpt.TrimEnd('\n').Split('\n');
        string folder = Path.Combine(_tool.Home, "emitted");
        Assert.Equal(0, _tool.Run("emit", Models.Stories, "-o", folder).ExitCode);
        string generated = File.ReadAllText(Path.Combine(folder, lines[0]["// ".Length..]));
        Assert.Contains(string.Join('\n', lines.Skip(1).Select(line => line.Length == 0 ? line : "    " + line)), generated);
    }

    [Fact]
    public void SpecIsTheOneOfTheModel()
    {
        string spec = File.ReadAllText(Directory.GetFiles(Models.Stories, "*.model.yaml").Single());
        Assert.Contains(ReadmeText.Blocks("yaml"), block => spec.Contains(block, StringComparison.Ordinal));
    }

    [Fact]
    public void PackageIsNamedInItsVersion() => Assert.Contains($"Include=\"Formwork\" Version=\"{Compiler.ModelCompiler.Version}\"", ReadmeText.All);

    [DataFact("stories260K/golden")]
    public void FirstSampleTellsTheGoldenStory()
    {
        string sample = ReadmeText.Blocks("csharp").First(block => block.Contains("Stories260K.Load", StringComparison.Ordinal));
        Assert.Contains("\"models/stories260k\"", sample);
        var image = new MemoryStream();
        Compile(sample.Replace("\"models/stories260k\"", SymbolDisplay.FormatLiteral(Models.Stories, quote: true))).Emit(image);
        MethodInfo main = Assembly.Load(image.ToArray()).EntryPoint!;
        TextWriter usual = Console.Out;
        var told = new StringWriter();
        Console.SetOut(told);
        try
        {
            main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(usual);
        }
        string golden = File.ReadAllText(TestData.Path("stories260K", "golden", "g01.txt")).TrimEnd('\n');
        Assert.StartsWith("Once upon a time, there was", told.ToString());
        Assert.StartsWith(told.ToString().TrimEnd('\n'), golden);
    }

    [Fact]
    public void EveryVerbOfTheToolIsNamed()
    {
        string help = _tool.Run("--help").Output;
        string[] verbs = [.. help.Split("Commands:\n")[1].Split('\n').Select(line => line.Trim().Split(' ')[0]).Where(verb => verb.Length > 0)];
        Assert.NotEmpty(verbs);
        Assert.All(verbs, verb => Assert.Contains($"`{verb}`", ReadmeText.All));
    }

    [Fact]
    public void CommandsThatAreShownHaveTheirOptions()
    {
        string[][] commands = [.. ReadmeText.All.Split('\n').Where(line => line.StartsWith("    formwork ", StringComparison.Ordinal)).Select(line => line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.NotEmpty(commands);
        foreach (IGrouping<string, string[]> verb in commands.GroupBy(words => words[1]))
        {
            string help = _tool.Run(verb.Key, "--help").Output;
            Assert.All(verb.SelectMany(words => words).Where(word => word.StartsWith('-')), option => Assert.Matches($@"(^|[\s,]){option}[\s,]", help));
        }
    }

    [Fact]
    public void FoldersAndLinksThatAreNamedAreThere()
    {
        IEnumerable<string> links = ReadmeText.All.Split("](").Skip(1).Select(rest => rest.Split(')')[0]).Where(link => !link.Contains("://", StringComparison.Ordinal));
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(TestData.Repository, link)), link));
    }

    private static CSharpCompilation Compile(string sample)
    {
        SyntaxTree[] trees = [CSharpSyntaxTree.ParseText(ImplicitUsings), CSharpSyntaxTree.ParseText(sample)];
        bool program = trees[1].GetRoot().ChildNodes().Any(node => node.IsKind(SyntaxKind.GlobalStatement));
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create("Sample", trees, references, new CSharpCompilationOptions(
            program ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    public void Dispose() => _tool.Dispose();
}
