using Formwork.Compiler.Graph;
using Formwork.Import;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Formwork.TestSupport.Interpreter;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>A family's tiny checkpoint, imported, and what the compiler makes of it: the graph with the checkpoint's numbers, in float64.</summary>
public sealed class ImportedGraph
{
    private readonly IReadOnlyDictionary<string, double[]> _parameters;

    /// <summary>Writes the family's folder, imports it, builds the graph and reads the weights by the layout that the import chose.</summary>
    /// <param name="family">The family.</param>
    /// <param name="seed">The seed of its numbers.</param>
    public ImportedGraph(FamilyReference family, int seed)
    {
        using var folder = new TemporaryFolder();
        TinyCheckpoint.Write(folder.Path, family, seed);
        Model = TinyCheckpoint.Import(folder.Path, family, "Tiny");
        Graph = GraphBuilder.Build(Model.Spec);
        using Checkpoint checkpoint = Checkpoint.Open(folder.Path);
        _parameters = StoredParameters.Read(Graph, checkpoint);
    }

    /// <summary>What was imported.</summary>
    public ImportedModel Model { get; }

    /// <summary>Its graph.</summary>
    public ModelGraph Graph { get; }

    /// <summary>All its values for an input.</summary>
    public NodeValues Run(InterpreterInput input) => GraphInterpreter.Run(Graph, _parameters, input);
}
