using System.Reflection;
using Formwork.Compiler;
using Formwork.Runtime.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Formwork.Cli.Compilation;

/// <summary>
/// Emitted C# to an assembly, in process. Nothing else here touches Roslyn's types, so Roslyn is loaded only when there is something to
/// compile.
/// </summary>
internal static class RoslynCompiler
{
    /// <summary>Compiles a model's files, optimised.</summary>
    /// <exception cref="InvalidOperationException">The emitted code does not compile: a fault of the compiler, never of a spec.</exception>
    public static byte[] Compile(CompiledModel model, CancellationToken cancellation)
    {
        var parsing = new CSharpParseOptions(LanguageVersion.Latest);
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, deterministic: true);
        var compilation = CSharpCompilation.Create(
            model.Name + ".Generated",
            model.Files.Select(file => CSharpSyntaxTree.ParseText(SourceText.From(file.Text), parsing, file.HintName, cancellation)),
            References(),
            options);
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly, cancellationToken: cancellation);
        if (!result.Success)
            throw new InvalidOperationException("The emitted C# does not compile:\n" + string.Join('\n', Errors(result.Diagnostics)));
        return assembly.ToArray();
    }

    // The runtime library, what it is built on, and where the framework has those types in truth: generated code needs no more, and reading
    // all of the framework's assemblies costs more than compiling.
    private static IEnumerable<MetadataReference> References()
    {
        Assembly runtime = typeof(TransformerModel).Assembly;
        IEnumerable<Assembly> direct = runtime.GetReferencedAssemblies().Select(Assembly.Load);
        return new[] { runtime, typeof(object).Assembly }.Concat(direct).Select(assembly => MetadataReference.CreateFromFile(assembly.Location));
    }

    private static IEnumerable<string> Errors(IEnumerable<Diagnostic> diagnostics) =>
        diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10).Select(diagnostic => diagnostic.ToString());
}
