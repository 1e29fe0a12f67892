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

    /// <summary>BERT in small: token types, normed embedding, every head that an encoder can have.</summary>
    [Fact]
    public Task SmallBert() => GeneratedCode.Verify("small-bert");

    /// <summary>"Attention Is All You Need" in small: a source encoded once, cross-attention to it.</summary>
    [Fact]
    public Task SmallTransformer() => GeneratedCode.Verify("small-transformer");

    /// <summary>What decoders got since: experts, windows, query/key norm, caps, sinks, stretched rotations.</summary>
    [Fact]
    public Task SmallExperts() => GeneratedCode.Verify("small-experts");

    /// <summary>A model that learns: the training pass and its kernels.</summary>
    [Fact]
    public Task SmallTraining() => GeneratedCode.Verify("small-training");
}
