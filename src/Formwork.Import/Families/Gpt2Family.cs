using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>GPT-2.</summary>
internal sealed class Gpt2Family : Family
{
    public override IReadOnlyList<string> ModelTypes => ["gpt2"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        if (folder.SavedAs is not ("" or "GPT2LMHeadModel" or "GPT2Model"))
            throw folder.UnsupportedClass("GPT2LMHeadModel or GPT2Model");
        if (config.Flag("scale_attn_by_inverse_layer_idx", false))
            throw config.Unsupported("scale_attn_by_inverse_layer_idx", "false");
        int width = config.Count("n_embd"), heads = config.Count("n_head");
        Heads.WidthOf(config, "n_embd", "n_head");
        var draft = new SpecDraft { Architecture = "decoder-only", Vocabulary = config.Count("vocab_size"), Width = width, Layout = "gpt2" };
        StackDraft stack = draft.Stack;
        stack.Context = config.Count(config.First("n_positions", "n_ctx"));
        stack.Layers = config.Count("n_layer");
        stack.Attention = new Section { { "heads", heads }, { "bias", "true" } };
        if (!config.Flag("scale_attn_weights", true))
            stack.Attention.Add("scale", 1);
        stack.FeedForward = new Section
        {
            { "width", config.Count("n_inner", 4 * width) }, { "activation", Activations.Read(config, "activation_function", "gelu_new") }, { "bias", "true" },
        };
        stack.Norm = new Section { { "kind", "layer" }, { "epsilon", config.Number("layer_norm_epsilon", 1e-5) } };
        stack.Positions.Add("kind", "learned");
        draft.Embedding.Add("tied", LlamaParts.Tied(folder, config, usual: true));
        return draft;
    }
}
