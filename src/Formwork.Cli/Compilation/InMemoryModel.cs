using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using System.Security.Cryptography;
using System.Text;
using Formwork.Cli.Output;
using Formwork.Compiler;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Models;
using Formwork.Runtime.Weights;

namespace Formwork.Cli.Compilation;

/// <summary>
/// A spec compiled without a project: emitted, compiled by Roslyn in this process and loaded. The second host of the compiler; the first is
/// the source generator.
/// </summary>
internal sealed class InMemoryModel
{
    private readonly Type _type;

    private InMemoryModel(Type type) => _type = type;

    /// <summary>Compiles a spec, or takes it from the cache.</summary>
    /// <exception cref="InvalidSpecException">The spec has errors.</exception>
    public static InMemoryModel Compile(SpecFile file, CompilationCache cache, Terminal terminal, CancellationToken cancellation)
    {
        ModelSpec spec = file.Read(terminal);
        string key = KeyOf(spec);
        if (cache.Read(key) is { } cached)
        {
            terminal.Explain($"compiled code: from the cache, {cache.PathOf(key)}");
            return new InMemoryModel(GeneratedType(spec.Name, cached));
        }
        byte[] assembly = terminal.During($"Compiling {spec.Name}", () => CompileNow(spec, terminal, cancellation));
        bool stored = cache.Write(key, assembly);
        terminal.Explain($"compiled code: {(stored ? $"stored as {cache.PathOf(key)}" : "not cached")}");
        return new InMemoryModel(GeneratedType(spec.Name, assembly));
    }

    /// <summary>Loads weights and tokenizer: the generated type's <c>Load(folder, options)</c>.</summary>
    public TransformerModel Load(string folder, LoadOptions options) => Factory<Func<string, LoadOptions?, TransformerModel>>("Load")(folder, options);

    /// <summary>Draws random weights: the generated type's <c>WithRandomWeights(seed, options)</c>.</summary>
    public TransformerModel WithRandomWeights(int seed, LoadOptions options) => Factory<Func<int, LoadOptions?, TransformerModel>>("WithRandomWeights")(seed, options);

    /// <summary>Draws the weights that training starts from: the generated type's <c>Initialized(seed, initialization, options)</c>.</summary>
    public TransformerModel Initialized(int seed, Initialization initialization, LoadOptions options) =>
        Factory<Func<int, Initialization, LoadOptions?, TransformerModel>>("Initialized")(seed, initialization, options);

    private static byte[] CompileNow(ModelSpec spec, Terminal terminal, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        CompiledModel model = ModelCompiler.Compile(spec);
        TimeSpan emitted = Stopwatch.GetElapsedTime(start);
        byte[] assembly = RoslynCompiler.Compile(model, cancellation);
        TimeSpan all = Stopwatch.GetElapsedTime(start);
        terminal.Explain($"compiled {spec.Name}: emitted in {emitted.TotalMilliseconds:F0} ms, compiled in {(all - emitted).TotalMilliseconds:F0} ms");
        return assembly;
    }

    // What decides the machine code: the spec's meaning (a comment does not), the compiler that emits, the runtime that is called, the framework.
    private static string KeyOf(ModelSpec spec)
    {
        string content = string.Join('\n',
            ModelCompiler.Version,
            typeof(ModelCompiler).Module.ModuleVersionId,
            typeof(InMemoryModel).Module.ModuleVersionId,
            typeof(TransformerModel).Module.ModuleVersionId,
            Environment.Version,
            spec);
        return $"{spec.Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 16))}";
    }

    private static Type GeneratedType(string name, byte[] assembly)
    {
        var context = new AssemblyLoadContext($"Formwork model {name}");
        return context.LoadFromStream(new MemoryStream(assembly)).GetType($"Formwork.Models.{name}", throwOnError: true)!;
    }

    private TFactory Factory<TFactory>(string method)
        where TFactory : Delegate
    {
        Type[] parameters = [.. typeof(TFactory).GetMethod("Invoke")!.GetParameters().Select(parameter => parameter.ParameterType)];
        return _type.GetMethod(method, BindingFlags.Public | BindingFlags.Static, parameters)!.CreateDelegate<TFactory>();
    }
}
