using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>GPT-OSS: experts with clamped gates, attention with sinks, a window in every other layer.</summary>
internal sealed class GptOssFamily : Family
{
    public override IReadOnlyList<string> ModelTypes => ["gpt_oss"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        SpecDraft draft = LlamaParts.Describe(folder, config, tied: false);
        StackDraft stack = draft.Stack;
        draft.Layout = "gpt_oss";
        bool bias = config.Flag("attention_bias", true);
        Heads.AddBias(stack.Attention, bias, bias, bias, bias);
        stack.Attention.Add("sinks", true);
        Section experts = Experts.Read(config, "num_local_experts", config.First("num_experts_per_tok", "experts_per_token"));
        experts.Add("router_bias", true);
        // The code says silu of 1.702·gate over 1.702, whatever hidden_act says.
        stack.FeedForward = new Section
        {
            { "width", config.Count("intermediate_size") },
            { "activation", "gelu_sigmoid" },
            { "gated", true },
            { "bias", true },
            { "clamp", config.Number("swiglu_limit", 7) },
            { "up_offset", 1 },
            { "experts", experts },
        };
        if (config.FindCount("sliding_window") is { } window)
            LayerTypes.AddWindows(stack, LayerTypes.Read(config, stack.Layers!.Value, layer => layer % 2 == 0), window);
        return draft;
    }
}
