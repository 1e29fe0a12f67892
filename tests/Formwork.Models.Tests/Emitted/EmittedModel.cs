using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Models;
using Formwork.TestSupport.Checkpoints;
using Formwork.TestSupport.Compilation;
using Formwork.TestSupport.Interpreter;

namespace Formwork.Models.Tests.Emitted;

/// <summary>One spec both ways: its graph for the interpreter and its compiled C#, with the same random parameters.</summary>
public sealed class EmittedModel : IDisposable
{
    /// <summary>The seed of the parameters.</summary>
    public const int Seed = 7;

    private readonly CompiledAssembly _assembly;
    private readonly IReadOnlyDictionary<string, double[]> _parameters;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("formwork-emitted-");

    private EmittedModel(ModelSpec spec, CompiledAssembly assembly)
    {
        Spec = spec;
        Graph = GraphBuilder.Build(spec);
        _assembly = assembly;
        _parameters = RandomParameters.Draw(Graph, Seed);
        LayoutCheckpoint.Write(_folder.FullName, Graph, _parameters);
    }

    /// <summary>The spec.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Its graph.</summary>
    public ModelGraph Graph { get; }

    /// <summary>The numbers of both, row-major, by parameter name.</summary>
    public IReadOnlyDictionary<string, double[]> Parameters => _parameters;

    /// <summary>The most positions; of a target, where there is a source.</summary>
    public int Context => (Spec.Decoder ?? Spec.Encoder)!.Context;

    /// <summary>Compiles specs, whose names differ, in one go: starting Roslyn costs more than a model.</summary>
    public static EmittedModel[] Compile(params IReadOnlyCollection<ModelSpec> specs)
    {
        CompiledAssembly assembly = InMemoryCompiler.Compile(specs);
        return specs.Select(spec => new EmittedModel(spec, assembly)).ToArray();
    }

    /// <summary>The compiled model with the parameters loaded. It uses all its threads, small as it is.</summary>
    public DecoderModel Load(int threads = 1, int maxPassTokens = 512) => _assembly.Load(
        Spec.Name, _folder.FullName, new LoadOptions { Threads = threads, MaxPassTokens = maxPassTokens, ParallelMultiplyAdds = 0 });

    /// <summary>The same for a model of any architecture.</summary>
    public TModel Load<TModel>(int threads = 1, int maxPassTokens = 512)
        where TModel : TransformerModel => _assembly.Load<TModel>(
        Spec.Name, _folder.FullName, new LoadOptions { Threads = threads, MaxPassTokens = maxPassTokens, ParallelMultiplyAdds = 0 });

    /// <summary>What the interpreter says of an input.</summary>
    public NodeValues Values(InterpreterInput input) => GraphInterpreter.Run(Graph, _parameters, input);

    /// <summary>What the interpreter says the logits are, <c>[tokens, vocabulary]</c>.</summary>
    public double[] Expected(int[] tokens) => GraphInterpreter.Run(Graph, _parameters, tokens).Logits;

    /// <summary>The same C# beside the graph of another spec, which has the same parameters: for seeing that the two disagree.</summary>
    public EmittedModel Against(Func<ModelSpec, ModelSpec> change) => new(change(Spec), _assembly);

    /// <summary>So many tokens, the same for the same seed.</summary>
    public int[] Tokens(int count, int seed = 0)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => random.Next(Spec.Vocabulary)).ToArray();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
