using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>BLOOM: attention that falls with the distance, a norm on the embedding.</summary>
internal sealed class BloomFamily : Family
{
    /// <summary>What it was trained with; nothing in the model ends there.</summary>
    private const int TrainedContext = 2048;

    public override IReadOnlyList<string> ModelTypes => ["bloom"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        LlamaParts.RequireLanguageModel(folder);
        if (config.Flag("apply_residual_connection_post_layernorm", false))
            throw config.Unsupported("apply_residual_connection_post_layernorm", "false");
        string widthKey = config.First("hidden_size", "n_embed"), headsKey = config.First("n_head", "num_attention_heads");
        int width = config.Count(widthKey);
        Heads.WidthOf(config, widthKey, headsKey);
        var draft = new SpecDraft { Architecture = "decoder-only", Vocabulary = config.Count("vocab_size"), Width = width, Layout = "bloom" };
        StackDraft stack = draft.Stack;
        stack.Context = config.Count("seq_length", TrainedContext);
        stack.Layers = config.Count(config.First("n_layer", "num_hidden_layers"));
        stack.Attention = new Section { { "heads", config.Count(headsKey) }, { "bias", true } };
        stack.FeedForward = new Section { { "width", 4 * width }, { "activation", "gelu_tanh" }, { "bias", true } };
        stack.Norm = new Section { { "kind", "layer" }, { "epsilon", config.Number("layer_norm_epsilon", 1e-5) } };
        stack.Positions.Add("kind", "alibi");
        draft.Embedding.Add("tied", LlamaParts.Tied(folder, config, usual: true));
        draft.Embedding.Add("norm", true);
        return draft;
    }
}
