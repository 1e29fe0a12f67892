using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>Mistral, whose first version saw a window in every layer.</summary>
internal sealed class MistralFamily : Family
{
    public override IReadOnlyList<string> ModelTypes => ["mistral"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        SpecDraft draft = LlamaParts.Describe(folder, config, tied: false);
        StackDraft stack = draft.Stack;
        if (config.FindCount("sliding_window") is { } window)
            LayerTypes.AddWindows(stack, LayerTypes.Read(config, stack.Layers!.Value, _ => true), window);
        return draft;
    }
}
