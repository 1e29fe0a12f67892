using Formwork.Compiler.Layouts;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Spec;

/// <summary>
/// What the user said about a model, resolved: defaults are filled in, groups of layers expanded, overrides applied.
/// It holds no positions (those are in <see cref="SourceMap"/>), so two specs are equal exactly when they mean the same model,
/// and a comment or a moved line changes nothing downstream.
/// </summary>
/// <param name="Name">The C# type, <c>model:</c>.</param>
/// <param name="Architecture">Which stacks there are.</param>
/// <param name="Vocabulary">Number of token ids, <c>vocabulary:</c>.</param>
/// <param name="Width">Width of the residual stream, <c>width:</c>.</param>
/// <param name="Embedding">The token embedding.</param>
/// <param name="Encoder">The bidirectional stack; null in a decoder-only model.</param>
/// <param name="Decoder">The causal stack; null in an encoder-only model.</param>
/// <param name="Unembedding">The linear map from residual stream to logits.</param>
/// <param name="Weights">Which tensor names and orders a checkpoint has.</param>
/// <param name="Tokenizer">How text becomes token ids.</param>
public sealed record ModelSpec(
    string Name,
    Architecture Architecture,
    int Vocabulary,
    int Width,
    EmbeddingSpec Embedding,
    StackSpec? Encoder,
    StackSpec? Decoder,
    UnembeddingSpec Unembedding,
    WeightLayout Weights,
    TokenizerSpec Tokenizer);

/// <summary>A stack of layers over one residual stream.</summary>
/// <param name="Context">The most positions a sequence can have, <c>context:</c>.</param>
/// <param name="Positions">What is added to the embedding for the position; rotary positions are in each layer's attention.</param>
/// <param name="Layers">One entry a layer, groups expanded.</param>
/// <param name="FinalNorm">The norm before the unembedding; null where the placement has none (post-norm).</param>
public sealed record StackSpec(
    int Context,
    PositionsSpec Positions,
    EquatableArray<LayerSpec> Layers,
    NormSpec? FinalNorm);

/// <summary>The token embedding, <c>embedding:</c>.</summary>
/// <param name="Scale">What the embedded vector is multiplied by; 1, or the square root of the width (Vaswani et al. 2017, section 3.4).</param>
public sealed record EmbeddingSpec(double Scale);

/// <summary>The linear map from the residual stream to logits.</summary>
/// <param name="Tied">Whether it is the token embedding, transposed (<c>embedding: {tied: true}</c>).</param>
/// <param name="Bias">Whether a bias a token is added.</param>
public sealed record UnembeddingSpec(bool Tied, bool Bias);

/// <summary>What is added to the embedding for the position.</summary>
public enum PositionKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A learned vector a position (GPT-2).</summary>
    Learned,

    /// <summary>Sines and cosines (Vaswani et al. 2017, section 3.5).</summary>
    Sinusoidal,
}

/// <summary>How the sine and cosine of one frequency are placed in the position vector.</summary>
public enum SinusoidalArrangement
{
    /// <summary>sin, cos, sin, cos … (Vaswani et al. 2017).</summary>
    Interleaved,

    /// <summary>All sines, then all cosines (Marian).</summary>
    Halves,
}

/// <summary>Positions added to the embedding, <c>positions:</c> with a kind other than rotary.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Base">The sinusoid's base, 10,000 in the paper; 0 for other kinds.</param>
/// <param name="Arrangement">The sinusoid's arrangement.</param>
public sealed record PositionsSpec(PositionKind Kind, double Base, SinusoidalArrangement Arrangement);

/// <summary>One layer: attention and feed-forward, each between norms, each added to the residual stream.</summary>
public sealed record LayerSpec(AttentionSpec Attention, FeedForwardSpec FeedForward, NormSpec Norm, NormPlacement Placement);

/// <summary>Attention, <c>attention:</c>.</summary>
/// <param name="Heads">Number of query heads.</param>
/// <param name="KeyValueHeads">Number of key/value heads; divides <paramref name="Heads"/> (Ainslie et al. 2023, grouped queries).</param>
/// <param name="HeadWidth">Width of a head; width / heads unless said.</param>
/// <param name="QueryBias">Whether the query projection has a bias.</param>
/// <param name="KeyBias">Whether the key projection has a bias.</param>
/// <param name="ValueBias">Whether the value projection has a bias.</param>
/// <param name="OutputBias">Whether the output projection has a bias.</param>
/// <param name="Scale">What scores are multiplied by; 1/√head width unless said.</param>
/// <param name="Rotary">Rotary positions of queries and keys; null for none.</param>
public sealed record AttentionSpec(
    int Heads,
    int KeyValueHeads,
    int HeadWidth,
    bool QueryBias,
    bool KeyBias,
    bool ValueBias,
    bool OutputBias,
    double Scale,
    RotarySpec? Rotary);

/// <summary>Which two numbers of a head one rotation turns.</summary>
public enum RotaryPairing
{
    /// <summary>i and i + half the rotated width (GPT-NeoX, Llama as Hugging Face stores it).</summary>
    Half,

    /// <summary>2i and 2i + 1 (the RoFormer paper, Llama as Meta and llama2.c store it).</summary>
    Interleaved,
}

/// <summary>Rotary positions (Su et al. 2021).</summary>
/// <param name="Base">The base of the frequencies, 10,000 in the paper.</param>
/// <param name="Pairing">Which two numbers a rotation turns.</param>
/// <param name="Width">How many of a head's numbers are rotated, from the first; even.</param>
public sealed record RotarySpec(double Base, RotaryPairing Pairing, int Width);

/// <summary>Activation functions of the feed-forward part.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>max(x, 0)² (So et al. 2021).</summary>
    ReluSquared,

    /// <summary>x·Φ(x) with the error function (Hendrycks and Gimpel 2016).</summary>
    Gelu,

    /// <summary>The tanh approximation of <see cref="Gelu"/> (the same paper, section 2).</summary>
    GeluTanh,

    /// <summary>x·σ(x) (Elfwing et al. 2017).</summary>
    Silu,
}

/// <summary>The feed-forward part, <c>feed_forward:</c>: down(activation(up(x))), or down(activation(gate(x)) ∘ up(x)) when gated (Shazeer 2020).</summary>
public sealed record FeedForwardSpec(int Width, Activation Activation, bool Gated, bool GateBias, bool UpBias, bool DownBias);

/// <summary>Norms.</summary>
public enum NormKind
{
    /// <summary>Layer norm (Ba et al. 2016): (x − mean) / √(variance + ε).</summary>
    Layer,

    /// <summary>Root-mean-square norm (Zhang and Sennrich 2019): x / √(mean of x² + ε).</summary>
    Rms,
}

/// <summary>Where a part's norm stands, for a part f on the residual stream x.</summary>
public enum NormPlacement
{
    /// <summary>x + f(norm(x)), and a final norm (GPT-2, Llama).</summary>
    Pre,

    /// <summary>norm(x + f(x)), and no final norm (Vaswani et al. 2017, BERT).</summary>
    Post,

    /// <summary>x + norm(f(norm(x))), and a final norm (Gemma 2).</summary>
    Both,

    /// <summary>x + norm(f(x)), and a final norm (OLMo 2).</summary>
    Output,
}

/// <summary>A norm, <c>norm:</c>.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Epsilon">Added to the variance or mean square, so that it cannot be zero.</param>
/// <param name="Bias">Whether a bias is added (layer norm only).</param>
/// <param name="UnitOffset">Whether the checkpoint stores the gain minus one, so that 1 + w multiplies (Gemma).</param>
public sealed record NormSpec(NormKind Kind, double Epsilon, bool Bias, bool UnitOffset);
