using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>Phi 1, 1.5 and 2: attention and feed-forward side by side after one norm, part of each head rotated, biases everywhere.</summary>
internal sealed class PhiFamily : Family
{
    public override IReadOnlyList<string> ModelTypes => ["phi"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        SpecDraft draft = LlamaParts.Describe(folder, config, tied: false);
        StackDraft stack = draft.Stack;
        draft.Layout = "phi";
        stack.Attention.Add("bias", true);
        if (config.Flag("qk_layernorm", false))
            stack.Attention.Add("query_key_norm", "head");
        stack.FeedForward = new Section
        {
            { "width", config.Count("intermediate_size") }, { "activation", Activations.Read(config, "hidden_act", "gelu_new") }, { "bias", true },
        };
        stack.Norm = new Section { { "kind", "layer" }, { "epsilon", config.Number("layer_norm_eps", 1e-5) } };
        if (!stack.Positions.Has("fraction") && !config.Has("partial_rotary_factor"))
            stack.Positions.Add("fraction", 0.5);
        stack.Values.Add("parts", "parallel_shared_norm");
        draft.Unembedding = new Section { { "bias", true } };
        return draft;
    }
}
