namespace Formwork.Compiler.Planning;

/// <summary>Steps that belong together: a layer's attention, its feed-forward, the embedding, the unembedding.</summary>
/// <param name="Path">The spec path, <c>layers.3.attention</c>.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Steps">In order.</param>
public sealed record PlanSection(string Path, string Summary, IReadOnlyList<PlanStep> Steps);
