using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.CSharp;

/// <summary>The model's public surface: its type, what it is in numbers, how it is loaded.</summary>
internal static class ModelFile
{
    public static string Emit(ModelPlan plan)
    {
        ModelSpec spec = plan.Graph.Spec;
        CodeWriter writer = GeneratedHeader.Begin(
            spec, "the public surface", nullable: true, "Formwork.Runtime.Kernels", "Formwork.Runtime.Models", "Formwork.Runtime.Tokenization");
        EmitSummary(writer, plan);
        writer.Lines($"[global::System.CodeDom.Compiler.GeneratedCode(\"Formwork\", \"{ModelCompiler.Version}\")]");
        using (writer.Block($"public sealed unsafe partial class {spec.Name} : DecoderModel"))
        {
            EmitDescription(writer, plan);
            EmitLoading(writer, plan);
        }
        return writer.ToString();
    }

    private static void EmitSummary(CodeWriter writer, ModelPlan plan)
    {
        ModelSpec spec = plan.Graph.Spec;
        StackSpec stack = spec.Decoder!;
        LayerSpec first = stack.Layers[0];
        writer.Lines(
            $"""
            /// <summary>A decoder-only transformer, compiled from its spec.</summary>
            /// <remarks>
            /// <list type="table">
            /// <item><term>layers</term><description>{stack.Layers.Count}</description></item>
            /// <item><term>width</term><description>{spec.Width}</description></item>
            /// <item><term>heads</term><description>{first.Attention.Heads} of {first.Attention.HeadWidth}, over {first.Attention.KeyValueHeads} key/value heads</description></item>
            /// <item><term>feed-forward</term><description>{first.FeedForward.Width}, {(first.FeedForward.Gated ? "gated " : "")}{new Ops.Activate(first.FeedForward.Activation).Word}</description></item>
            /// <item><term>vocabulary</term><description>{CSharpLiteral.Grouped(spec.Vocabulary)}</description></item>
            /// <item><term>context</term><description>{CSharpLiteral.Grouped(stack.Context)} tokens</description></item>
            /// <item><term>parameters</term><description>{CSharpLiteral.Grouped(plan.Graph.ParameterCount)}</description></item>
            /// <item><term>weights</term><description>{Bytes(plan.WeightFloats)} bytes, packed</description></item>
            /// <item><term>activations</term><description>{Bytes(plan.ActivationFloats)} bytes a token of a pass</description></item>
            /// <item><term>key/value cache</term><description>{Bytes(plan.CachePositionFloats)} bytes a token</description></item>
            /// <item><term>work</term><description>{CSharpLiteral.Grouped(plan.FlopsPerToken)} flops a token, and attention over earlier ones</description></item>
            /// </list>
            /// </remarks>
            """);
    }

    private static void EmitDescription(CodeWriter writer, ModelPlan plan)
    {
        ModelSpec spec = plan.Graph.Spec;
        StackSpec stack = spec.Decoder!;
        TokenizerSpec tokenizer = spec.Tokenizer;
        string end = string.Join(", ", tokenizer.EndTokens), segments = Runs(plan.CacheSegments);
        writer.Lines(
            $$"""
            /// <summary>The architecture in numbers.</summary>
            public static ModelDescription Architecture { get; } = new()
            {
                Name = {{CSharpLiteral.String(spec.Name)}},
                Vocabulary = {{spec.Vocabulary}},
                Context = {{stack.Context}},
                Width = {{spec.Width}},
                Layers = {{stack.Layers.Count}},
                Parameters = {{plan.Graph.ParameterCount}},
                FlopsPerToken = {{plan.FlopsPerToken}},
                ActivationFloats = {{plan.ActivationFloats}},
                CachePositionFloats = {{plan.CachePositionFloats}},
                CacheSegments = ModelDescription.Segments({{segments}}),
                LogitStride = {{Kernel.Padded(spec.Vocabulary)}},
                TableFloats = {{plan.TableFloats}},
                Weights = WeightSlots(),
                Tokenizer = new TokenizerDescription(TokenizerKind.{{tokenizer.Kind}}, {{CSharpLiteral.String(tokenizer.File)}}, {{CSharpLiteral.String(tokenizer.MergesFile)}}, {{(tokenizer.BeginToken is { } begin ? $"{begin}" : "null")}}, new int[] { {{end}} }),
            };

            """);
    }

    private static void EmitLoading(CodeWriter writer, ModelPlan plan)
    {
        string name = plan.Graph.Spec.Name;
        using (writer.Block($"private {name}(ModelParts parts)\n    : base(parts)"))
        {
            foreach (PlannedTable table in plan.Tables)
                writer.Lines($"PositionTables.{table.FillCSharp.Replace("{0}", $"Tables + {table.Offset}")}; // {table.Path}");
        }
        writer.Line();
        writer.Lines(
            $$"""
            /// <summary>Reads the weights and the tokenizer from a folder.</summary>
            /// <exception cref="global::Formwork.Runtime.InvalidInputException">A file is missing, damaged, or not this model's.</exception>
            public static {{name}} Load(string folder, LoadOptions? options = null) => new(ModelParts.Load(Architecture, folder, options));

            /// <summary>Draws random weights, the same for the same seed: for benchmarks and tests. There is no tokenizer.</summary>
            public static {{name}} WithRandomWeights(int seed, LoadOptions? options = null) => new(ModelParts.Random(Architecture, seed, options));

            /// <summary>Takes weights that are packed already.</summary>
            public static {{name}} FromParts(ModelParts parts) => new(parts);
            """);
    }

    // 64, 64, 64, 128 → (3, 64), (1, 128)
    private static string Runs(IReadOnlyList<int> values)
    {
        var runs = new List<string>();
        for (int start = 0, end = 0; start < values.Count; start = end)
        {
            while (end < values.Count && values[end] == values[start])
                end++;
            runs.Add($"({end - start}, {values[start]})");
        }
        return string.Join(", ", runs);
    }

    private static string Bytes(long floats) => CSharpLiteral.Grouped(floats * sizeof(float));
}
