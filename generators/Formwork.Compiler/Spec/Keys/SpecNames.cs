namespace Formwork.Compiler.Spec.Keys;

/// <summary>The names that a spec uses for the values of enumerations.</summary>
internal static class SpecNames
{
    public static Choices Architectures { get; } = new(
        new("decoder-only", Architecture.DecoderOnly, "One causal stack that continues a text (GPT, Llama)."),
        new("encoder-only", Architecture.EncoderOnly, "One bidirectional stack that represents a text (BERT)."),
        new("encoder-decoder", Architecture.EncoderDecoder, "A bidirectional stack over the source, a causal one over the target (the original transformer, T5)."));

    public static Choices Norms { get; } = new(
        new("layer", NormKind.Layer, "Layer norm: (x − mean) / √(variance + epsilon)."),
        new("rms", NormKind.Rms, "Root-mean-square norm: x / √(mean of x² + epsilon)."));

    public static Choices Placements { get; } = new(
        new("pre", NormPlacement.Pre, "x + f(norm(x)), and a norm after the last layer (GPT-2, Llama)."),
        new("post", NormPlacement.Post, "norm(x + f(x)) (the original transformer, BERT)."),
        new("both", NormPlacement.Both, "x + norm(f(norm(x))), and a norm after the last layer (Gemma 2)."),
        new("output", NormPlacement.Output, "x + norm(f(x)), and a norm after the last layer (OLMo 2)."));

    public static Choices Activations { get; } = new(
        new("relu", Activation.Relu, "max(x, 0)."),
        new("relu_squared", Activation.ReluSquared, "max(x, 0)²."),
        new("gelu", Activation.Gelu, "x·Φ(x), by the error function."),
        new("gelu_tanh", Activation.GeluTanh, "The tanh approximation of gelu (GPT-2's gelu_new)."),
        new("silu", Activation.Silu, "x·σ(x), also called swish."));

    /// <summary>What <c>positions: {kind: …}</c> can say. Rotary positions belong to attention, the others to the embedding.</summary>
    public static Choices Positions { get; } = new(
        new("none", PositionsChoice.None, "No positions."),
        new("learned", PositionsChoice.Learned, "A learned vector a position is added to the embedding (GPT-2)."),
        new("sinusoidal", PositionsChoice.Sinusoidal, "Sines and cosines are added to the embedding (the original transformer)."),
        new("rotary", PositionsChoice.Rotary, "Queries and keys are rotated by their position (Llama)."));

    /// <summary>What a group of layers can say of positions.</summary>
    public static Choices LayerPositions { get; } = new(Positions.Rows.Where(row => row.Value is PositionsChoice.None or PositionsChoice.Rotary).ToArray());

    public static Choices Pairings { get; } = new(
        new("half", RotaryPairing.Half, "Number i turns with number i + half the rotated width (Llama as Hugging Face stores it)."),
        new("interleaved", RotaryPairing.Interleaved, "Number 2i turns with number 2i + 1 (Llama as Meta and llama2.c store it)."));

    public static Choices Arrangements { get; } = new(
        new("interleaved", SinusoidalArrangement.Interleaved, "Sine, cosine, sine, cosine … (the original transformer)."),
        new("halves", SinusoidalArrangement.Halves, "All sines, then all cosines (Marian)."));

    public static Choices EmbeddingScales { get; } = new(
        new Choice("sqrt_width", EmbeddingScale.SqrtWidth, "The square root of the width (the original transformer, Gemma)."));

    public static Choices Tokenizers { get; } = new(
        new("none", TokenizerKind.None, "The model takes token ids only."),
        new("byte_bpe", TokenizerKind.ByteBpe, "Byte-level byte-pair encoding: vocab.json and merges.txt, or encoder.json and vocab.bpe (GPT-2)."),
        new("sentencepiece", TokenizerKind.SentencePiece, "A SentencePiece tokenizer.model (Llama 2)."),
        new("wordpiece", TokenizerKind.WordPiece, "A vocab.txt (BERT)."),
        new("llama2c", TokenizerKind.Llama2C, "llama2.c's tokenizer.bin."),
        new("words", TokenizerKind.Words, "One id a word between white space, from a JSON map of word to id."),
        new("characters", TokenizerKind.Characters, "One id a character, from a JSON map of character to id."),
        new("tokenizer_json", TokenizerKind.TokenizerJson, "Hugging Face's tokenizer.json."));
}

/// <summary>What <c>positions: {kind: …}</c> can say.</summary>
internal enum PositionsChoice
{
    None,
    Learned,
    Sinusoidal,
    Rotary,
}

/// <summary>Names for the scale of the embedding.</summary>
internal enum EmbeddingScale
{
    SqrtWidth,
}
