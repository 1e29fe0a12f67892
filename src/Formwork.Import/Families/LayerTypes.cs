using Formwork.Import.Configuration;
using Formwork.Import.Drafts;

namespace Formwork.Import.Families;

/// <summary>Which layers see a window of the last tokens only.</summary>
internal static class LayerTypes
{
    private const string Sliding = "sliding_attention", Full = "full_attention";

    /// <summary>For each layer whether it has a window: <c>layer_types</c>, or what older files mean.</summary>
    /// <exception cref="Runtime.InvalidInputException">The list has another length than the model, or another kind of layer.</exception>
    public static bool[] Read(ConfigSection config, int layers, Func<int, bool> older)
    {
        if (config.FindTexts("layer_types") is not { } types)
            return [.. Enumerable.Range(0, layers).Select(older)];
        if (types.Count != layers)
            throw config.Wrong("layer_types", $"a list of {types.Count}", $"one for each of the {layers} layers", "Correct it, or num_hidden_layers.");
        int other = types.ToList().FindIndex(type => type is not (Sliding or Full));
        return other < 0 ? [.. types.Select(type => type == Sliding)]
            : throw config.Wrong($"layer_types[{other}]", $"\"{types[other]}\"", $"{Full} or {Sliding}", "Formwork has no other kind of attention.");
    }

    /// <summary>Gives the layers that have one their window; a window that no context fills is none.</summary>
    public static void AddWindows(StackDraft stack, bool[] sliding, int window)
    {
        if (window >= stack.Context || !sliding.Contains(true))
            return;
        if (!sliding.Contains(false))
        {
            stack.Attention.Add("window", window);
            return;
        }
        for (int layer = 0; layer < sliding.Length; layer++)
        {
            if (sliding[layer])
                stack.Layer(layer).Inner("attention").Add("window", window);
        }
    }
}
