using Formwork.Import.Configuration;
using Formwork.Import.Drafts;

namespace Formwork.Import.Families;

/// <summary>Numbers that configurations give for encoder and decoder apart; a spec says them once where they are the same.</summary>
internal static class TwoStacks
{
    /// <summary>Number of layers.</summary>
    public static void AddLayers(SpecDraft draft, int encoder, int decoder)
    {
        if (encoder == decoder)
        {
            draft.Stack.Layers = encoder;
            return;
        }
        draft.Encoder.Layers = encoder;
        draft.Decoder.Layers = decoder;
    }

    /// <summary>A number in a section: heads of attention, width of the feed-forward part.</summary>
    public static void Add(SpecDraft draft, Func<StackDraft, Section> section, string key, int encoder, int decoder)
    {
        if (encoder == decoder)
        {
            section(draft.Stack).Add(key, encoder);
            return;
        }
        section(draft.Encoder).Add(key, encoder);
        section(draft.Decoder).Add(key, decoder);
    }

    /// <summary>Layers, heads and widths as fairseq's descendants call them.</summary>
    public static void AddSizes(SpecDraft draft, ConfigSection config)
    {
        AddLayers(draft, config.Count("encoder_layers"), config.Count("decoder_layers"));
        Heads.WidthOf(config, "d_model", "encoder_attention_heads");
        Heads.WidthOf(config, "d_model", "decoder_attention_heads");
        Add(draft, stack => stack.Attention, "heads", config.Count("encoder_attention_heads"), config.Count("decoder_attention_heads"));
        Add(draft, stack => stack.FeedForward, "width", config.Count("encoder_ffn_dim"), config.Count("decoder_ffn_dim"));
    }
}
