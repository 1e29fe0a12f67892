using System.Globalization;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Planning;

/// <summary>Cuts a pass's steps into the sections that become methods.</summary>
internal static class SectionPlanner
{
    public static IReadOnlyList<PlanSection> Split(IReadOnlyList<PlanStep> steps, ModelSpec spec, string pass)
    {
        var sections = new List<PlanSection>();
        foreach (IGrouping<(string Path, GraphOutput? OnlyFor), PlanStep> group in steps.GroupBy(step => (Path(step, spec, pass), step.OnlyFor)))
            sections.Add(new PlanSection(group.Key.Path, Summary(group.Key.Path, spec), group.ToArray(), group.Key.OnlyFor));
        return sections;
    }

    private static string Path(PlanStep step, ModelSpec spec, string pass)
    {
        string stack = Stack(step.Path);
        string[] parts = step.Path.Substring(stack.Length).Split('.');
        switch (parts[0])
        {
            case "layers":
                // What a decoder's layer keeps of the source is computed when the source is read.
                if (pass == Planner.EncodePass && stack == "decoder.")
                    return $"{stack}layers.{parts[1]}.memory";
                bool together = Layer(spec, stack, int.Parse(parts[1], CultureInfo.InvariantCulture)).Parts != PartsArrangement.Sequential;
                return stack + string.Join(".", parts.Take(together ? 2 : 3));
            case "embedding" or "residual_stream" or "vectors":
                return stack + "embedding";
            case "states":
                return "states";
        }
        return step.OnlyFor switch
        {
            GraphOutput.HiddenStates => "hidden_states",
            GraphOutput.Pooled => "pooler",
            GraphOutput.Labels => "classifier",
            GraphOutput.Logits => "unembedding",
            _ => pass == Planner.EncodePass ? stack + "final_norm" : "unembedding",
        };
    }

    private static LayerSpec Layer(ModelSpec spec, string stack, int number) => (stack == "encoder." ? spec.Encoder : spec.Decoder ?? spec.Encoder)!.Layers[number];

    private static string Stack(string path) => path.StartsWith("encoder.", StringComparison.Ordinal) ? "encoder." : path.StartsWith("decoder.", StringComparison.Ordinal) ? "decoder." : "";

    private static string Summary(string path, ModelSpec spec)
    {
        string stack = Stack(path), kind = Names.WithoutLayer(path.Substring(stack.Length), out int? layer);
        if (layer is not { } number)
        {
            return kind switch
            {
                "embedding" => "Token ids become vectors: the start of the residual stream.",
                "final_norm" => "The residual stream, normed, becomes the states.",
                "states" => "The states that something is wanted of.",
                "hidden_states" => "The states themselves.",
                "pooler" => "The first token's state of each sequence becomes the sequence's vector.",
                "classifier" => "The first token's state of each sequence becomes a number a label.",
                _ => "The residual stream becomes logits, for the rows that want them.",
            };
        }
        LayerSpec layerSpec = Layer(spec, stack, number);
        if (layerSpec.Parts != PartsArrangement.Sequential)
            return $"Layer {number}, attention and feed-forward side by side: the residual stream x becomes x + attention(norm(x)) + feedForward(norm(x)).";
        if (kind == "layers.memory")
            return $"Layer {number}'s keys and values of the source, for cross-attention.";
        (string part, string f) = kind switch
        {
            "layers.attention" => ("attention", "attention"),
            "layers.cross_attention" => ("cross-attention", "crossAttention"),
            _ => ("feed-forward", "feedForward"),
        };
        string scale = layerSpec.ResidualScale == 1 ? "" : "scale · ";
        string formula = layerSpec.Placement switch
        {
            NormPlacement.Pre => $"x + {scale}{f}(norm(x))",
            NormPlacement.Post => $"norm(x + {scale}{f}(x))",
            NormPlacement.Both => $"x + {scale}norm({f}(norm(x)))",
            _ => $"x + {scale}norm({f}(x))",
        };
        return $"Layer {number}, {part}: the residual stream x becomes {formula}.";
    }
}
