using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>Qwen 2 and 2.5, whose queries, keys and values have biases, and Qwen 3, which norms queries and keys instead.</summary>
internal sealed class QwenFamily : Family
{
    public override IReadOnlyList<string> ModelTypes => ["qwen2", "qwen3"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        SpecDraft draft = LlamaParts.Describe(folder, config, tied: false);
        StackDraft stack = draft.Stack;
        if (folder.ModelType == "qwen2")
            Heads.AddBias(stack.Attention, query: true, key: true, value: true, output: false);
        else
        {
            bool bias = config.Flag("attention_bias", false);
            Heads.AddBias(stack.Attention, bias, bias, bias, bias);
            stack.Attention.Add("query_key_norm", "head");
        }
        AddWindows(config, stack);
        return draft;
    }

    /// <summary>The windows of the layers from <c>max_window_layers</c> on, where they are in use at all.</summary>
    public static void AddWindows(ConfigSection config, StackDraft stack)
    {
        if (!config.Flag("use_sliding_window", false) || config.FindCount("sliding_window") is not { } window)
            return;
        int first = config.FindIndex("max_window_layers") ?? 28;
        LayerTypes.AddWindows(stack, LayerTypes.Read(config, stack.Layers!.Value, layer => layer >= first), window);
    }
}
