using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>Granite 3, with or without experts: Llama with four multipliers.</summary>
internal sealed class GraniteFamily : Family
{
    public override IReadOnlyList<string> ModelTypes => ["granite", "granitemoe"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        SpecDraft draft = LlamaParts.Describe(folder, config, tied: false);
        StackDraft stack = draft.Stack;
        bool bias = config.Flag("attention_bias", false);
        Heads.AddBias(stack.Attention, bias, bias, bias, bias);
        stack.Attention.Add("scale", config.Number("attention_multiplier", 1));
        stack.Values.Add("residual_scale", config.Number("residual_multiplier", 1), usual: 1);
        draft.Embedding.Add("scale", config.Number("embedding_multiplier", 1), usual: 1);
        double divisor = config.Number("logits_scaling", 1);
        if (divisor == 0)
            throw config.Unsupported("logits_scaling", "a number other than 0", "Correct the value: logits are divided by it.");
        if (divisor != 1)
            draft.Unembedding = new Section { { "scale", 1 / divisor } };
        if (folder.ModelType == "granite")
            return draft;
        draft.Layout = "granite_moe";
        stack.FeedForward.Add("experts", Experts.Read(config, "num_local_experts"));
        return draft;
    }
}
