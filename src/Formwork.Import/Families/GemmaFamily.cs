using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>Gemma 1, and Gemma 2 with norms on both sides of a part, caps, and a window in every other layer.</summary>
internal sealed class GemmaFamily : Family
{
    public override IReadOnlyList<string> ModelTypes => ["gemma", "gemma2"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        SpecDraft draft = Describe(folder, config);
        if (folder.ModelType == "gemma")
            return draft;
        AddSecondNorms(draft);
        AddCaps(config, draft);
        if (config.FindCount("sliding_window") is { } window)
            LayerTypes.AddWindows(draft.Stack, LayerTypes.Read(config, draft.Stack.Layers!.Value, layer => layer % 2 == 0), window);
        return draft;
    }

    /// <summary>What all Gemmas have: gains stored less one, a scaled embedding, gelu.</summary>
    public static SpecDraft Describe(ModelFolder folder, ConfigSection config)
    {
        SpecDraft draft = LlamaParts.Describe(folder, config, tied: true);
        StackDraft stack = draft.Stack;
        bool bias = config.Flag("attention_bias", false);
        Heads.AddBias(stack.Attention, bias, bias, bias, bias);
        // The first files said gelu and meant its approximation; Hugging Face keeps reading them so.
        stack.FeedForward.Add("activation", Activations.Read(config, "hidden_activation", "gelu_pytorch_tanh"));
        stack.Norm.Add("unit_offset", true);
        draft.Embedding.Add("scale", "sqrt_width");
        return draft;
    }

    /// <summary>Norms on both sides of a part.</summary>
    public static void AddSecondNorms(SpecDraft draft)
    {
        draft.Stack.Norm.Add("placement", "both");
        draft.Layout = "gemma2";
    }

    /// <summary>The scale of the scores, and the caps of scores and logits.</summary>
    public static void AddCaps(ConfigSection config, SpecDraft draft)
    {
        double headWidth = config.FindCount("head_dim") ?? Heads.WidthOf(config, "hidden_size", "num_attention_heads");
        double scalar = config.Number("query_pre_attn_scalar", headWidth);
        draft.Stack.Attention.Add("scale", scalar == headWidth ? null : (double?)(1 / Math.Sqrt(scalar)));
        draft.Stack.Attention.Add("score_cap", config.FindNumber("attn_logit_softcapping"));
        if (config.FindNumber("final_logit_softcapping") is { } cap)
            draft.Unembedding = new Section { { "cap", cap } };
    }
}
