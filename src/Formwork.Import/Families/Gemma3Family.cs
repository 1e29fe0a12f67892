using System.Text.Json;
using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>
/// Gemma 3, alone or as the language model of one that also takes pictures: queries and keys are normed, and five layers with a window and a
/// base of their own stand before each one without.
/// </summary>
internal sealed class Gemma3Family : Family
{
    // The language model's part of a larger configuration leaves out what is usual.
    private static readonly JsonElement Usual = JsonDocument.Parse("""
        {
          "vocab_size": 262208, "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "max_position_embeddings": 131072,
          "rms_norm_eps": 1e-6, "rope_theta": 1000000, "query_pre_attn_scalar": 256, "rope_local_base_freq": 10000
        }
        """).RootElement;

    public override IReadOnlyList<string> ModelTypes => ["gemma3", "gemma3_text"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = (folder.Config.FindSection("text_config") ?? folder.Config) with { Usual = Usual };
        if (config.Flag("use_bidirectional_attention", false))
            throw config.Unsupported("use_bidirectional_attention", "false: a model that continues a text");
        SpecDraft draft = GemmaFamily.Describe(folder, config);
        GemmaFamily.AddSecondNorms(draft);
        GemmaFamily.AddCaps(config, draft);
        draft.Stack.Attention.Add("query_key_norm", "head");
        AddLayers(config, draft.Stack);
        if (folder.Config.Has("text_config"))
            draft.Remarks.Add("The language model alone: pictures are not read.");
        return draft;
    }

    // Most layers have the window, so that is what all have, and the others say that they have none.
    private static void AddLayers(ConfigSection config, StackDraft stack)
    {
        int pattern = config.Count(config.First("sliding_window_pattern", "_sliding_window_pattern"), 6);
        bool[] sliding = LayerTypes.Read(config, stack.Layers!.Value, layer => (layer + 1) % pattern != 0);
        Section global = RotaryPositions.Read(config, stack.Context!.Value, "full_attention");
        bool byType = config.FindSection("rope_parameters")?.Has("sliding_attention") == true;
        stack.Positions = byType ? RotaryPositions.Read(config, stack.Context.Value, "sliding_attention") : new Section
        {
            { "kind", "rotary" }, { "base", config.Number("rope_local_base_freq"), 10000 },
        };
        stack.Attention.Add("window", config.Count("sliding_window"));
        for (int layer = 0; layer < sliding.Length; layer++)
        {
            if (sliding[layer])
                continue;
            stack.Layer(layer).Inner("attention").Add("window", "none");
            stack.Layer(layer).Add("positions", global);
        }
    }
}
