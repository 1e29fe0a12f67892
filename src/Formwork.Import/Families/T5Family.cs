using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>T5, its version 1.1, Flan-T5 and mT5: biases of distances instead of positions, scores that are not scaled.</summary>
internal sealed class T5Family : Family
{
    /// <summary>What it was trained with; nothing in the model ends there.</summary>
    private const int TrainedContext = 512;

    public override IReadOnlyList<string> ModelTypes => ["mt5", "t5"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        BertParts.RequireClass(folder, "ForConditionalGeneration", "WithLMHeadModel", "T5Model");
        int width = config.Count("d_model"), heads = config.Count("num_heads"), headWidth = config.Count("d_kv");
        bool gated = FeedForward(config, out string activation);
        var draft = new SpecDraft { Architecture = "encoder-decoder", Vocabulary = config.Count("vocab_size"), Width = width, Layout = gated ? "t5_gated" : "t5" };
        StackDraft stack = draft.Stack;
        stack.Context = config.Count("n_positions", TrainedContext);
        TwoStacks.AddLayers(draft, config.Count("num_layers"), config.Count("num_decoder_layers", config.Count("num_layers")));
        stack.Attention = new Section { { "heads", heads }, { "head_width", heads * (long)headWidth == width ? null : (int?)headWidth }, { "scale", 1 } };
        stack.FeedForward = new Section { { "width", config.Count("d_ff") }, { "activation", activation }, { "gated", gated, false } };
        stack.Norm = new Section { { "kind", "rms" }, { "epsilon", config.Number("layer_norm_epsilon", 1e-6) } };
        stack.Positions = new Section { { "kind", "relative" } };
        stack.Positions.Add("buckets", config.Count("relative_attention_num_buckets", 32), usual: 32);
        stack.Positions.Add("max_distance", config.Count("relative_attention_max_distance", 128), usual: 128);
        bool tied = LlamaParts.Tied(folder, config, usual: true);
        draft.Embedding.Add("tied", tied);
        // Mesh TensorFlow's way to share one table: logits are divided by the square root of the width.
        if (tied)
            draft.Unembedding = new Section { { "scale", 1 / Math.Sqrt(width) } };
        draft.Start = config.FindIndex("pad_token_id") ?? 0;
        return draft;
    }

    // "relu", or "gated-gelu", which means gelu's approximation.
    private static bool FeedForward(ConfigSection config, out string activation)
    {
        const string Gated = "gated-";
        string kind = config.Text("feed_forward_proj", "relu");
        bool gated = kind.StartsWith(Gated, StringComparison.Ordinal);
        activation = (gated ? kind[Gated.Length..] : kind) switch
        {
            "relu" => "relu",
            "gelu" => gated ? "gelu_tanh" : "gelu",
            "gelu_new" => "gelu_tanh",
            "silu" => "silu",
            _ => throw config.Unsupported("feed_forward_proj", "relu, gelu, gated-gelu, gated-relu or gated-silu"),
        };
        return gated;
    }
}
