using BenchmarkDotNet.Attributes;
using Formwork.Benchmarks.Generating;
using Formwork.Compiler;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;

namespace Formwork.Benchmarks.Methods;

/// <summary>Each stage of the compiler on GPT-2's spec.</summary>
[MemoryDiagnoser]
public class CompilerBenchmarks
{
    private ModelText _text = null!;
    private ModelSpec _spec = null!;
    private ModelGraph _graph = null!;

    /// <summary>Layers of the model.</summary>
    [Params(12, 120)]
    public int Layers { get; set; }

    /// <summary>Reads the spec and makes each stage's input.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _text = GenerateReport.Gpt2(Layers);
        _spec = ModelCompiler.Parse(_text).Spec!;
        _graph = ModelCompiler.Graph(_spec);
    }

    /// <summary>Text to spec.</summary>
    [Benchmark]
    public ParsedModel Parse() => ModelCompiler.Parse(_text);

    /// <summary>Spec to verified graph.</summary>
    [Benchmark]
    public ModelGraph Graph() => ModelCompiler.Graph(_spec);

    /// <summary>Graph to verified plan.</summary>
    [Benchmark]
    public ModelPlan Plan() => ModelCompiler.Plan(_graph);

    /// <summary>Spec to C#, all stages between.</summary>
    [Benchmark]
    public CompiledModel Compile() => ModelCompiler.Compile(_spec);
}
