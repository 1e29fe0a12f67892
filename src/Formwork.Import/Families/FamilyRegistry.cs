using Formwork.Import.Folders;
using Formwork.Runtime;
using Formwork.Runtime.Weights;

namespace Formwork.Import.Families;

/// <summary>The families by model type.</summary>
internal static class FamilyRegistry
{
    private static readonly Family[] Families =
    [
        new Gpt2Family(), new GptNeoXFamily(), new BloomFamily(),
        new LlamaFamily(), new MistralFamily(), new MixtralFamily(), new QwenFamily(), new QwenMoeFamily(), new SmolLm3Family(), new Olmo2Family(),
        new GraniteFamily(), new GemmaFamily(), new Gemma3Family(), new PhiFamily(), new Phi3Family(), new GptOssFamily(), new DeepSeekFamily(),
        new BertFamily(), new DistilBertFamily(), new ModernBertFamily(), new NomicBertFamily(),
        new T5Family(), new BartFamily(), new WhisperFamily(), new VitFamily(),
    ];

    private static readonly Dictionary<string, Family> ByType = Families
        .SelectMany(family => family.ModelTypes.Select(type => (type, family)))
        .ToDictionary(entry => entry.type, entry => entry.family, StringComparer.Ordinal);

    /// <summary>All model types, in order.</summary>
    public static IReadOnlyList<string> ModelTypes { get; } = [.. ByType.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The family of a folder's model.</summary>
    /// <exception cref="InvalidInputException">It is not known, or known not to be sayable.</exception>
    public static Family Find(ModelFolder folder)
    {
        if (ByType.TryGetValue(folder.ModelType, out Family? family))
            return family;
        string nearest = NearestName.Find(folder.ModelType, ModelTypes) is { } name ? $" (nearest is {name})" : "";
        throw folder.Config.Wrong("model_type", $"\"{folder.ModelType}\"", $"one of {string.Join(", ", ModelTypes)}{nearest}",
            "Write its spec by hand, with its own `weights: {tensors: …}` if no known layout has its names: "
            + "generators/Formwork.Compiler/Layouts/README.md shows how. If it is a known family by another name, put that name into config.json.");
    }
}
