using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>Mixtral: Mistral with experts.</summary>
internal sealed class MixtralFamily : Family
{
    public override IReadOnlyList<string> ModelTypes => ["mixtral"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        SpecDraft draft = LlamaParts.Describe(folder, config, tied: false);
        draft.Layout = "mixtral";
        draft.Stack.FeedForward.Add("experts", Experts.Read(config, "num_local_experts"));
        MistralFamily.AddWindows(config, draft.Stack);
        return draft;
    }
}
