using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>What Llama and the many that follow it have in common.</summary>
internal static class LlamaParts
{
    /// <summary>RMS norms before each part, rotary positions, grouped queries, a gated feed-forward part, no biases, Llama's tensor names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="config">The configuration, or the part of it that is about text.</param>
    /// <param name="tied">Whether the family ties its embeddings where the file does not say.</param>
    public static SpecDraft Describe(ModelFolder folder, ConfigSection config, bool tied)
    {
        RequireLanguageModel(folder);
        int heads = config.Count("num_attention_heads");
        int headWidth = config.FindCount("head_dim") ?? Heads.WidthOf(config, "hidden_size", "num_attention_heads");
        int width = config.Count("hidden_size");
        var draft = new SpecDraft { Architecture = "decoder-only", Vocabulary = config.Count("vocab_size"), Width = width, Layout = "llama" };
        StackDraft stack = draft.Stack;
        stack.Context = RotaryPositions.Context(config, config.Count("max_position_embeddings"));
        stack.Layers = config.Count("num_hidden_layers");
        stack.Attention.Add("heads", heads);
        stack.Attention.Add("key_value_heads", Heads.KeyValue(config, heads), usual: heads);
        stack.Attention.Add("head_width", headWidth * (long)heads == width ? null : (int?)headWidth);
        stack.FeedForward = GatedFeedForward(config);
        stack.Norm = new Section { { "kind", "rms" }, { "epsilon", config.Number("rms_norm_eps", 1e-6) } };
        stack.Positions = RotaryPositions.Read(config, stack.Context.Value);
        draft.Embedding.Add("tied", Tied(folder, config, tied));
        return draft;
    }

    /// <summary>Whether the embeddings are tied, where the weights agree.</summary>
    /// <exception cref="Runtime.InvalidInputException">They are not tied, and yet there is no unembedding.</exception>
    public static bool Tied(ModelFolder folder, ConfigSection config, bool usual, string head = "lm_head.weight")
    {
        bool tied = config.Flag("tie_word_embeddings", folder.Config.Flag("tie_word_embeddings", usual));
        if (!tied && folder.Stores(head) == false)
        {
            throw config.Wrong("tie_word_embeddings", "false", $"true, as the weights have no {head}",
                "Set it to true if the embedding serves as unembedding; otherwise fetch the weights again, or save the model with its head.");
        }
        return tied;
    }

    /// <summary>The feed-forward part of SwiGLU and its like.</summary>
    public static Section GatedFeedForward(ConfigSection config, string widthKey = "intermediate_size", string activationKey = "hidden_act") => new()
    {
        { "width", config.Count(widthKey) },
        { "activation", Activations.Read(config, activationKey, "silu") },
        { "gated", "true" },
        { "bias", config.Flag("mlp_bias", false), false },
    };

    /// <summary>Refuses checkpoints of a decoder with another head than a language model's.</summary>
    public static void RequireLanguageModel(ModelFolder folder)
    {
        string saved = folder.SavedAs;
        int at = saved.IndexOf("For", StringComparison.Ordinal);
        if (at >= 0 && saved[at..] is not ("ForCausalLM" or "ForConditionalGeneration"))
            throw folder.UnsupportedClass("a language model (…ForCausalLM)");
    }
}
