using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Planning;

/// <summary>Cuts a plan's steps into the sections that become methods.</summary>
internal static class SectionPlanner
{
    public static IReadOnlyList<PlanSection> Split(IReadOnlyList<PlanStep> steps, StackSpec stack)
    {
        var sections = new List<PlanSection>();
        foreach (IGrouping<string, PlanStep> group in steps.GroupBy(step => SectionPath(step.Path)))
            sections.Add(new PlanSection(group.Key, Summary(group.Key, stack), group.ToArray()));
        return sections;
    }

    private static string SectionPath(string step)
    {
        string[] parts = step.Split('.');
        return parts[0] switch
        {
            "layers" => string.Join(".", parts.Take(3)),
            "embedding" or "residual_stream" => "embedding",
            _ => "unembedding",
        };
    }

    private static string Summary(string path, StackSpec stack)
    {
        string kind = Names.WithoutLayer(path, out int? layer);
        if (layer is not { } number)
        {
            return kind == "embedding"
                ? "Token ids become vectors: the start of the residual stream."
                : "The residual stream becomes logits, for the rows that want them.";
        }
        LayerSpec spec = stack.Layers[number];
        string part = kind == "layers.attention" ? "attention" : "feed-forward";
        string f = part == "attention" ? "attention" : "feedForward";
        string formula = spec.Placement switch
        {
            NormPlacement.Pre => $"x + {f}(norm(x))",
            NormPlacement.Post => $"norm(x + {f}(x))",
            NormPlacement.Both => $"x + norm({f}(norm(x)))",
            _ => $"x + norm({f}(x))",
        };
        return $"Layer {number}, {part}: the residual stream x becomes {formula}.";
    }
}
