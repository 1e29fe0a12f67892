using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>DeepSeek-V2 and V3: latent attention, and experts in groups beside a shared one, after some layers without.</summary>
internal sealed class DeepSeekFamily : Family
{
    public override IReadOnlyList<string> ModelTypes => ["deepseek_v2", "deepseek_v3"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        if (config.Flag("attention_bias", false))
            throw config.Unsupported("attention_bias", "false");
        // Here head_dim is the rotated part, where a file has it at all.
        SpecDraft draft = LlamaParts.Describe(folder, config, tied: false);
        StackDraft stack = draft.Stack;
        bool third = folder.ModelType == "deepseek_v3";
        int? queryRank = config.FindCount("q_lora_rank");
        draft.Layout = queryRank is null ? "deepseek_lite" : "deepseek";
        stack.Attention = Attention(config, queryRank);
        stack.Positions.Add("pairing", config.Flag("rope_interleave", true) ? "interleaved" : "half");
        stack.FeedForward = LlamaParts.GatedFeedForward(config, "moe_intermediate_size");
        stack.FeedForward.Add("experts", ExpertsOf(config, third));
        int dense = config.FindIndex("first_k_dense_replace") ?? 0, every = config.Count("moe_layer_freq", 1);
        foreach (int layer in Enumerable.Range(0, stack.Layers!.Value).Where(layer => layer < dense || layer % every != 0))
            Experts.MakeDense(stack, layer, config.Count("intermediate_size"));
        IgnorePrediction(folder, draft);
        return draft;
    }

    private static Section Attention(ConfigSection config, int? queryRank)
    {
        int rotary = config.Count("qk_rope_head_dim");
        int headWidth = config.Count("qk_nope_head_dim") + rotary;
        var attention = new Section { { "heads", config.Count("num_attention_heads") }, { "head_width", headWidth } };
        attention.Add("scale", Scale(config, headWidth));
        attention.Add("latent", new Section
        {
            { "query_rank", queryRank },
            { "key_value_rank", config.Count("kv_lora_rank") },
            { "rotary_width", rotary },
            { "value_width", config.Count("v_head_dim") },
        });
        return attention;
    }

    // YaRN's factor of attention (mscale_all_dim) meets queries and keys, hence twice.
    private static double? Scale(ConfigSection config, int headWidth)
    {
        ConfigSection? rope = config.FindSection("rope_parameters") ?? config.FindSection("rope_scaling");
        if (rope is null || RotaryScaling.KindOf(rope) != "yarn" || rope.FindNumber("mscale_all_dim") is not { } all || all == 0)
            return null;
        double attention = RotaryScaling.YarnAttention(rope.Number("factor"), all);
        return attention * attention / Math.Sqrt(headWidth);
    }

    private static Section ExpertsOf(ConfigSection config, bool third)
    {
        Section experts = Experts.Read(config, "n_routed_experts");
        string score = config.Text("scoring_func", third ? "sigmoid" : "softmax");
        if (score is not ("softmax" or "sigmoid"))
            throw config.Unsupported("scoring_func", "softmax or sigmoid");
        experts.Add("score", score == "softmax" ? null : score);
        experts.Add("renormalize", config.Flag("norm_topk_prob", third), usual: true);
        experts.Add("scale", config.Number("routed_scaling_factor", 1), usual: 1);
        string method = config.Text("topk_method", third ? "noaux_tc" : "greedy");
        if (method is not ("greedy" or "group_limited_greedy" or "noaux_tc"))
            throw config.Unsupported("topk_method", "greedy, group_limited_greedy or noaux_tc");
        experts.Add("selection_bias", method == "noaux_tc", usual: false);
        if (method != "greedy" && config.Count("n_group", 1) is > 1 and var groups)
        {
            experts.Add("groups", groups);
            experts.Add("chosen_groups", config.Count("topk_group"));
            experts.Add("group_score", method == "noaux_tc" ? "two_largest" : null);
        }
        if (config.FindCount("n_shared_experts") is { } shared)
            experts.Add("shared_width", shared * config.Count("moe_intermediate_size"));
        return experts;
    }

    // Layers after the last, which guess the token after the next, are for speculation.
    private static void IgnorePrediction(ModelFolder folder, SpecDraft draft)
    {
        int layers = draft.Stack.Layers!.Value;
        foreach (int layer in Enumerable.Range(layers, folder.Config.FindIndex("num_nextn_predict_layers") ?? 0))
        {
            if (folder.Tensors?.Keys.Any(name => name.StartsWith($"model.layers.{layer}.", StringComparison.Ordinal)) == true)
                draft.Ignored.Add($"model.layers.{layer}.*");
        }
    }
}
