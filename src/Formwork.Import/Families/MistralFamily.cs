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
        SpecDraft draft = LlamaParts.Describe(folder, folder.Config, tied: false);
        AddWindows(folder.Config, draft.Stack);
        return draft;
    }

    /// <summary>The windows, where there are any.</summary>
    public static void AddWindows(ConfigSection config, StackDraft stack)
    {
        if (config.FindCount("sliding_window") is { } window)
            LayerTypes.AddWindows(stack, LayerTypes.Read(config, stack.Layers!.Value, _ => true), window);
    }
}
