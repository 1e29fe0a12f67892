using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Formwork.Compiler;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Models;

namespace Formwork.TestSupport.Compilation;

/// <summary>Spec → running model, in this process: our compiler, then Roslyn.</summary>
public static class InMemoryCompiler
{
    private static readonly Lazy<MetadataReference[]> References = new(FindReferences);

    /// <summary>Compiles several specs into one assembly, which stays loaded.</summary>
    /// <exception cref="InvalidOperationException">A spec has an error, or the emitted code has an error or a warning.</exception>
    public static CompiledAssembly Compile(params IReadOnlyCollection<ModelSpec> specs) => new(Load(Trees(specs)));

    /// <summary>The same as a file, for other processes.</summary>
    /// <exception cref="InvalidOperationException">A spec has an error, or the emitted code has an error or a warning.</exception>
    public static void CompileTo(string path, params IReadOnlyCollection<ModelSpec> specs) => File.WriteAllBytes(path, Image(Path.GetFileNameWithoutExtension(path), Trees(specs)).ToArray());

    /// <summary>Compiles emitted files into an assembly, which stays loaded.</summary>
    /// <exception cref="InvalidOperationException">They have an error or a warning.</exception>
    internal static Assembly Load(IEnumerable<SyntaxTree> trees)
    {
        string name = $"Emitted.{Guid.NewGuid():N}";
        using MemoryStream image = Image(name, trees);
        return new AssemblyLoadContext(name).LoadFromStream(image);
    }

    private static IEnumerable<SyntaxTree> Trees(IEnumerable<ModelSpec> specs) =>
        specs.SelectMany(Emit).Select(file => CSharpSyntaxTree.ParseText(file.Text, path: file.HintName));

    private static MemoryStream Image(string name, IEnumerable<SyntaxTree> trees)
    {
        var compilation = CSharpCompilation.Create(
            name,
            trees,
            References.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true));
        var image = new MemoryStream();
        var result = compilation.Emit(image);
        Diagnostic[] faults = result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ToArray();
        if (!result.Success || faults.Length > 0)
            throw new InvalidOperationException("the emitted code does not compile cleanly:\n" + string.Join("\n", faults.Take(20)));
        image.Position = 0;
        return image;
    }

    private static IEnumerable<GeneratedFile> Emit(ModelSpec spec)
    {
        CompiledModel model = ModelCompiler.Compile(spec);
        return model.Files.Count > 0 ? model.Files : throw new InvalidOperationException($"{spec.Name}: {string.Join("\n", model.Findings)}");
    }

    /// <summary>What the test process itself runs on, and the runtime.</summary>
    private static MetadataReference[] FindReferences()
    {
        var platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return platform.Split(Path.PathSeparator).Append(typeof(DecoderModel).Assembly.Location)
            .Where(File.Exists).DistinctBy(Path.GetFileName).Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)).ToArray();
    }
}
