using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>SmolLM3: a Llama, every fourth layer of which knows no positions.</summary>
internal sealed class SmolLm3Family : Family
{
    public override IReadOnlyList<string> ModelTypes => ["smollm3"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        SpecDraft draft = LlamaParts.Describe(folder, config, tied: true);
        StackDraft stack = draft.Stack;
        int layers = stack.Layers!.Value;
        bool bias = config.Flag("attention_bias", false);
        Heads.AddBias(stack.Attention, bias, bias, bias, bias);
        // 1 for a layer that rotates, 0 for one that does not.
        IReadOnlyList<int>? rotating = config.FindIndexes("no_rope_layers");
        int interval = config.Count("no_rope_layer_interval", 4);
        if (rotating is not null && rotating.Count != layers)
            throw config.Wrong("no_rope_layers", $"a list of {rotating.Count}", $"one for each of the {layers} layers", "Correct it, or num_hidden_layers.");
        for (int layer = 0; layer < layers; layer++)
        {
            if (rotating is null ? (layer + 1) % interval == 0 : rotating[layer] == 0)
                stack.Layer(layer).Inner("positions").Add("kind", "none");
        }
        if (config.Flag("use_sliding_window", false) && config.FindCount("sliding_window") is { } window)
            LayerTypes.AddWindows(stack, LayerTypes.Read(config, layers, _ => false), window);
        return draft;
    }
}
