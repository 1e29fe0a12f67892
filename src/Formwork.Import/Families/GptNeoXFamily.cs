using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>GPT-NeoX and Pythia: attention and feed-forward side by side, each after a norm of its own; part of each head rotated.</summary>
internal sealed class GptNeoXFamily : Family
{
    public override IReadOnlyList<string> ModelTypes => ["gpt_neox"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        LlamaParts.RequireLanguageModel(folder);
        Heads.WidthOf(config, "hidden_size", "num_attention_heads");
        var draft = new SpecDraft { Architecture = "decoder-only", Vocabulary = config.Count("vocab_size"), Width = config.Count("hidden_size"), Layout = "gpt_neox" };
        StackDraft stack = draft.Stack;
        stack.Context = config.Count("max_position_embeddings");
        stack.Layers = config.Count("num_hidden_layers");
        stack.Attention = new Section { { "heads", config.Count("num_attention_heads") }, { "bias", config.Flag("attention_bias", true), false } };
        stack.FeedForward = new Section
        {
            { "width", config.Count("intermediate_size") }, { "activation", Activations.Read(config, "hidden_act", "gelu") }, { "bias", true },
        };
        stack.Norm = new Section { { "kind", "layer" }, { "epsilon", config.Number("layer_norm_eps", 1e-5) } };
        stack.Positions = RotaryPositions.Read(config, stack.Context.Value);
        if (!stack.Positions.Has("fraction") && !config.Has("rotary_pct"))
            stack.Positions.Add("fraction", 0.25);
        stack.Values.Add("parts", config.Flag("use_parallel_residual", true) ? "parallel" : null);
        draft.Embedding.Add("tied", LlamaParts.Tied(folder, config, usual: false, head: "embed_out.weight"));
        return draft;
    }
}
