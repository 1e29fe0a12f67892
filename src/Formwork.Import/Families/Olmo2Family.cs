using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>OLMo 2: norms on what each part gives, and one over all queries and all keys.</summary>
internal sealed class Olmo2Family : Family
{
    public override IReadOnlyList<string> ModelTypes => ["olmo2"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        SpecDraft draft = LlamaParts.Describe(folder, folder.Config, tied: false);
        bool bias = folder.Config.Flag("attention_bias", false);
        Heads.AddBias(draft.Stack.Attention, bias, bias, bias, bias);
        draft.Stack.Attention.Add("query_key_norm", "whole");
        draft.Stack.Norm.Add("placement", "output");
        draft.Layout = "gemma2";
        return draft;
    }
}
