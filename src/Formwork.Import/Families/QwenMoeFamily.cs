using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>Qwen 2 and 3 with experts, some of whose layers may be without.</summary>
internal sealed class QwenMoeFamily : Family
{
    public override IReadOnlyList<string> ModelTypes => ["qwen2_moe", "qwen3_moe"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        SpecDraft draft = LlamaParts.Describe(folder, config, tied: false);
        StackDraft stack = draft.Stack;
        draft.Layout = "qwen_moe";
        Section experts = Experts.Read(config, config.First("num_experts", "num_local_experts"));
        experts.Add("renormalize", config.Flag("norm_topk_prob", false), usual: true);
        if (folder.ModelType == "qwen2_moe")
        {
            bool bias = config.Flag("qkv_bias", true);
            Heads.AddBias(stack.Attention, bias, bias, bias, output: false);
            experts.Add("shared_width", config.Count("shared_expert_intermediate_size"));
            experts.Add("shared_gate", true);
        }
        else
        {
            bool bias = config.Flag("attention_bias", false);
            Heads.AddBias(stack.Attention, bias, bias, bias, bias);
            stack.Attention.Add("query_key_norm", "head");
        }
        stack.FeedForward = LlamaParts.GatedFeedForward(config, "moe_intermediate_size");
        stack.FeedForward.Add("experts", experts);
        MakeSomeDense(config, stack);
        QwenFamily.AddWindows(config, stack);
        return draft;
    }

    private static void MakeSomeDense(ConfigSection config, StackDraft stack)
    {
        IReadOnlyList<int> dense = config.FindIndexes("mlp_only_layers") ?? [];
        int step = config.Count("decoder_sparse_step", 1);
        foreach (int layer in Enumerable.Range(0, stack.Layers!.Value).Where(layer => dense.Contains(layer) || (layer + 1) % step != 0))
            Experts.MakeDense(stack, layer, config.Count("intermediate_size"));
    }
}
