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
        using (writer.Block($"public sealed unsafe partial class {spec.Name} : {BaseType(spec)}"))
        {
            EmitDescription(writer, plan);
            EmitLoading(writer, plan);
        }
        return writer.ToString();
    }

    private static string BaseType(ModelSpec spec) => spec.Architecture switch
    {
        Architecture.EncoderOnly => "EncoderModel",
        Architecture.EncoderDecoder => "EncoderDecoderModel",
        _ => "DecoderModel",
    };

    private static void EmitSummary(CodeWriter writer, ModelPlan plan)
    {
        ModelSpec spec = plan.Graph.Spec;
        string kind = spec.Architecture switch
        {
            Architecture.EncoderOnly => "An encoder-only transformer",
            Architecture.EncoderDecoder => "An encoder-decoder transformer",
            _ => "A decoder-only transformer",
        };
        writer.Lines(
            $"""
            /// <summary>{kind}, compiled from its spec.</summary>
            /// <remarks>
            /// <list type="table">
            """);
        foreach ((string term, string description) in Rows(plan))
            writer.Lines($"/// <item><term>{term}</term><description>{description}</description></item>");
        writer.Lines(
            """
            /// </list>
            /// </remarks>
            """);
    }

    private static IEnumerable<(string Term, string Description)> Rows(ModelPlan plan)
    {
        ModelSpec spec = plan.Graph.Spec;
        StackSpec[] stacks = new[] { spec.Encoder, spec.Decoder }.OfType<StackSpec>().ToArray();
        AttentionSpec attention = stacks[0].Layers[0].Attention;
        FeedForwardSpec feedForward = stacks[0].Layers[0].FeedForward;
        yield return ("layers", string.Join(" and ", stacks.Select(stack => stack.Layers.Count)));
        yield return ("width", $"{spec.Width}");
        yield return ("heads", $"{attention.Heads} of {attention.HeadWidth}, over {attention.KeyValueHeads} key/value heads");
        string experts = feedForward.Experts is { } mix ? $", {mix.Count} experts, {mix.Chosen} a token" : "";
        yield return ("feed-forward", $"{feedForward.Width}, {(feedForward.Gated ? "gated " : "")}{new Ops.Activate(feedForward.Activation).Word}{experts}");
        yield return ("vocabulary", CSharpLiteral.Grouped(spec.Vocabulary) + (spec.SourceVocabulary is { } source ? $", {CSharpLiteral.Grouped(source)} of sources" : ""));
        yield return ("context", string.Join(" and ", stacks.Select(stack => CSharpLiteral.Grouped(stack.Context))) + " tokens");
        yield return ("parameters", CSharpLiteral.Grouped(plan.Graph.ParameterCount));
        yield return ("weights", $"{Bytes(plan.WeightFloats)} bytes, packed");
        yield return ("activations", $"{Bytes(plan.ActivationFloats)} bytes a token of a pass");
        if (plan.CacheSegments.Count > 0)
            yield return ("key/value cache", $"{Bytes(plan.CachePositionFloats)} bytes a token");
        if (plan.MemorySegments.Count > 0)
            yield return ("kept of a source", $"{Bytes(plan.MemorySegments.Sum())} bytes a token");
        yield return ("work", $"{CSharpLiteral.Grouped(plan.FlopsPerToken)} flops a token, and attention {(spec.Decoder is null ? "to others" : "over earlier ones")}");
    }

    private static void EmitDescription(CodeWriter writer, ModelPlan plan)
    {
        ModelSpec spec = plan.Graph.Spec;
        StackSpec stack = (spec.Decoder ?? spec.Encoder)!;
        TokenizerSpec tokenizer = spec.Tokenizer;
        string end = string.Join(", ", tokenizer.EndTokens);
        using (writer.Block("/// <summary>The architecture in numbers.</summary>\npublic static ModelDescription Architecture { get; } = new()", "};"))
        {
            writer.Lines(
                $$"""
                Name = {{CSharpLiteral.String(spec.Name)}},
                Vocabulary = {{spec.Vocabulary}},
                Context = {{stack.Context}},
                Width = {{spec.Width}},
                Layers = {{(spec.Encoder?.Layers.Count ?? 0) + (spec.Decoder?.Layers.Count ?? 0)}},
                Parameters = {{plan.Graph.ParameterCount}},
                FlopsPerToken = {{plan.FlopsPerToken}},
                ActivationFloats = {{plan.ActivationFloats}},
                LogitStride = {{(spec.Unembedding is null ? 0 : Kernel.Padded(spec.Vocabulary))}},
                TableFloats = {{plan.TableFloats}},
                Weights = WeightSlots(),
                """);
            foreach (string line in DescriptionLines.Of(plan))
                writer.Lines(line);
            writer.Lines(
                $$"""
                Tokenizer = new TokenizerDescription(TokenizerKind.{{tokenizer.Kind}}, {{CSharpLiteral.String(tokenizer.File)}}, {{CSharpLiteral.String(tokenizer.MergesFile)}}, {{(tokenizer.BeginToken is { } begin ? $"{begin}" : "null")}}, new int[] { {{end}} }),
                """);
        }
        writer.Line();
    }

    private static void EmitLoading(CodeWriter writer, ModelPlan plan)
    {
        string name = plan.Graph.Spec.Name;
        writer.Lines(plan.Tables.Count > 0
            ? $"private {name}(ModelParts parts)\n    : base(parts) => FillTables();"
            : $"private {name}(ModelParts parts)\n    : base(parts)\n{{\n}}");
        writer.Line();
        if (plan.Tables.Count > 0)
        {
            using (writer.Block("/// <inheritdoc/>\nprotected override void FillTables()"))
            {
                foreach (PlannedTable table in plan.Tables)
                    writer.Lines($"PositionTables.{table.FillCSharp.Replace("{0}", $"Tables + {table.Offset}")}; // {table.Path}");
            }
            writer.Line();
        }
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
        if (plan.Graph.Spec.Training is null)
            return;
        writer.Line();
        writer.Lines(
            $$"""
            /// <summary>Draws the weights that training starts from, the same for the same seed. There is a tokenizer when the options name its place.</summary>
            /// <exception cref="global::Formwork.Runtime.InvalidInputException">The tokenizer's files are missing, damaged, or not this model's.</exception>
            public static {{name}} Initialized(int seed, global::Formwork.Runtime.Weights.Initialization initialization, LoadOptions? options = null) =>
                new(ModelParts.Initial(Architecture, seed, initialization, options));
            """);
    }

    private static string Bytes(long floats) => CSharpLiteral.Grouped(floats * sizeof(float));
}
