using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Planning;

/// <summary>Steps that belong together: a layer's attention, its feed-forward, the embedding, the unembedding.</summary>
/// <param name="Path">The spec path, <c>layers.3.attention</c>.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Steps">In order.</param>
/// <param name="Output">The output that the section is for, and for which alone it runs; null for a section that every pass runs.</param>
public sealed record PlanSection(string Path, string Summary, IReadOnlyList<PlanStep> Steps, GraphOutput? Output = null)
{
    /// <summary>Whether it computes the wanted rows only, and nothing when no row is wanted.</summary>
    public bool OfOutputs => Steps.All(step => step.Rows == StepRows.Outputs);
}
