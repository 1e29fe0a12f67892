using Formwork.Libtorch.Tests.Families.Decoders;
using Xunit;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>Every decoder-only family, tiny.</summary>
public static class DecoderFamilies
{
    // Made anew each time, so that a test may change one's config.
    private static readonly Func<DecoderReference>[] All =
    [
        Gpt2Reference.Tiny,
        LlamaReference.Llama2,
        LlamaReference.Llama3,
        MistralReference.Tiny,
        MixtralReference.Tiny,
        Qwen2Reference.Tiny,
        Qwen2Reference.Long,
        Qwen2MoeReference.Tiny,
        Qwen3Reference.Tiny,
        Qwen3MoeReference.Tiny,
        GemmaReference.Gemma1,
        Gemma2Reference.Gemma2,
        Gemma3Reference.Tiny,
        Phi3Reference.Short,
        Phi3Reference.Long,
        Phi3Reference.LongWithinOriginal,
        Phi3Reference.Phi4Mini,
        PhiReference.Tiny,
        SmolLm3Reference.Tiny,
        Olmo2Reference.Tiny,
        GptOssReference.Tiny,
        DeepSeekReference.Lite,
        DeepSeekReference.V2,
        DeepSeekV3Reference.Tiny,
        GraniteReference.Tiny,
        GraniteMoeReference.Tiny,
        BloomReference.Tiny,
        GptNeoXReference.Tiny,
    ];

    /// <summary>All of them, made anew.</summary>
    public static IEnumerable<DecoderReference> Made => All.Select(family => family());

    /// <summary>Their names, for theories.</summary>
    public static TheoryData<string> Names => new(Made.Select(family => family.Name));

    /// <summary>The family of this name.</summary>
    public static DecoderReference Named(string name) => Made.Single(family => family.Name == name);
}
