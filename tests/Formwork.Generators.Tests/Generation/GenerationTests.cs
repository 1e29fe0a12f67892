namespace Formwork.Generators.Tests.Generation;

public sealed class GenerationTests
{
    /// <summary>Llama: RMS norm, rotary positions, grouped queries, gated SiLU, tied embedding.</summary>
    [Fact]
    public Task Stories260K() => GeneratedCode.Verify("stories260k");

    /// <summary>GPT-2, small: layer norm, learned positions, biases, tanh GELU, transposed and fused tensors.</summary>
    [Fact]
    public Task CappGpt2() => GeneratedCode.Verify("capp-gpt2");

    /// <summary>GPT-2, 124M.</summary>
    [Fact]
    public Task Gpt2() => GeneratedCode.Verify("gpt2");

    /// <summary>As in 2017: norm after the residual, sinusoidal positions, ReLU, scaled embedding.</summary>
    [Fact]
    public Task PostNorm() => GeneratedCode.Verify("post-norm");

    /// <summary>Groups of layers that differ in heads, feed-forward, norm and positions; an unembedding of its own.</summary>
    [Fact]
    public Task MixedLayers() => GeneratedCode.Verify("mixed-layers");
}
