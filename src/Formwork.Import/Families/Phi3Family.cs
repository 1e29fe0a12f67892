using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>Phi-3 and Phi-4-mini: Llama with fused projections, and in the long ones a factor for each frequency.</summary>
internal sealed class Phi3Family : Family
{
    public override IReadOnlyList<string> ModelTypes => ["phi3"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        SpecDraft draft = LlamaParts.Describe(folder, config, tied: false);
        draft.Layout = "phi3";
        MistralFamily.AddWindows(config, draft.Stack);
        return draft;
    }
}
