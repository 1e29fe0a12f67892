using Formwork.Compiler.CSharp;
using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Layouts;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Planning.Training;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler;

/// <summary>The compiler: every stage in order, for the hosts that call it.</summary>
public static class ModelCompiler
{
    /// <summary>The compiler's version, as generated files and caches name it.</summary>
    public static string Version { get; } = typeof(ModelCompiler).Assembly.GetName().Version.ToString(3);

    /// <summary>Text → spec.</summary>
    public static ParsedModel Parse(ModelText text) => SpecParser.Parse(text);

    /// <summary>Spec → graph.</summary>
    public static ModelGraph Graph(ModelSpec spec)
    {
        ModelGraph graph = GraphBuilder.Build(spec);
        RequireLegal("graph", GraphVerifier.Verify(graph));
        return graph;
    }

    /// <summary>Graph → plan.</summary>
    public static ModelPlan Plan(ModelGraph graph)
    {
        ModelPlan plan = Planner.Plan(graph);
        RequireLegal("plan", PlanVerifier.Verify(plan));
        return plan;
    }

    /// <summary>Spec → C#.</summary>
    public static CompiledModel Compile(ModelSpec spec)
    {
        SpecFinding[] findings = Check(spec).ToArray();
        return findings.Any(finding => finding.Kind.Level == DiagnosticLevel.Error)
            ? new CompiledModel(spec.Name, EquatableArray<GeneratedFile>.Empty, findings.ToEquatableArray())
            : new CompiledModel(spec.Name, Emit(spec), findings.ToEquatableArray());
    }

    private static EquatableArray<GeneratedFile> Emit(ModelSpec spec)
    {
        ModelPlan plan = Plan(Graph(spec));
        return CSharpEmitter.Emit(plan, spec.Training is null ? null : PlanTraining(TrainingGraph(spec), plan));
    }

    /// <summary>Spec → graph with loss and derivatives.</summary>
    public static TrainingGraph TrainingGraph(ModelSpec spec)
    {
        TrainingGraph graph = Differentiator.Differentiate(GraphBuilder.BuildForTraining(spec));
        return spec.Training?.Recompute == Recompute.Layers ? Recomputation.OfLayers(graph) : graph;
    }

    /// <summary>Graph with derivatives → plan of the training pass.</summary>
    public static TrainingPlan PlanTraining(TrainingGraph graph, ModelPlan inference)
    {
        TrainingPlan plan = TrainingPlanner.Plan(graph, inference);
        RequireLegal("training plan", TrainingPlanVerifier.Verify(plan));
        return plan;
    }

    /// <summary>What a parsed spec asks for that cannot be compiled.</summary>
    public static IEnumerable<SpecFinding> Check(ModelSpec spec) => Planner.ParametersWithoutTensor(GraphBuilder.Build(spec))
        .Select(parameter => SpecFinding.Of(DiagnosticCatalog.LayoutLacksParameter, "weights", parameter, spec.Weights.Name))
        .Concat(PairingRule.Check(spec));

    private static void RequireLegal(string stage, IReadOnlyList<string> faults)
    {
        if (faults.Count > 0)
            throw new InvalidOperationException($"The {stage} is not legal: {string.Join("; ", faults)}");
    }
}
