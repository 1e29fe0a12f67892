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
        new("rms", NormKind.Rms, "Root-mean-square norm: x / √(mean of x² + epsilon)."),
        new("none", NormKind.None, "No norm."));

    public static Choices Recomputes { get; } = new(
        new("none", Recompute.None, "Nothing."),
        new("layers", Recompute.Layers, "The inside of each layer: less memory, a third more work."));

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
        new("silu", Activation.Silu, "x·σ(x), also called swish."),
        new("gelu_sigmoid", Activation.GeluSigmoid, "x·σ(1.702·x), also called quick_gelu."),
        new("tanh", Activation.Tanh, "tanh(x)."),
        new("sigmoid", Activation.Sigmoid, "1 / (1 + exp(−x))."));

    /// <summary>What <c>positions: {kind: …}</c> can say. Rotary positions belong to attention, the others to the embedding.</summary>
    public static Choices Positions { get; } = new(
        new("none", PositionsChoice.None, "No positions."),
        new("learned", PositionsChoice.Learned, "A learned vector a position is added to the embedding (GPT-2)."),
        new("sinusoidal", PositionsChoice.Sinusoidal, "Sines and cosines are added to the embedding (the original transformer)."),
        new("rotary", PositionsChoice.Rotary, "Queries and keys are rotated by their position (Llama)."),
        new("alibi", PositionsChoice.Alibi, "Scores fall with the distance, by a slope a head (BLOOM)."),
        new("relative", PositionsChoice.Relative, "Scores get a learned number for each head and bucket of distances (T5)."));

    /// <summary>What a group of layers can say of positions.</summary>
    public static Choices LayerPositions { get; } = new(Positions.Rows.Where(row => row.Value is PositionsChoice.None or PositionsChoice.Rotary).ToArray());

    public static Choices Pairings { get; } = new(
        new("half", RotaryPairing.Half, "Number i turns with number i + half the rotated width (Llama as Hugging Face stores it)."),
        new("interleaved", RotaryPairing.Interleaved, "Number 2i turns with number 2i + 1 (Llama as Meta and llama2.c store it)."));

    public static Choices Arrangements { get; } = new(
        new("interleaved", SinusoidalArrangement.Interleaved, "Sine, cosine, sine, cosine … (the original transformer)."),
        new("halves", SinusoidalArrangement.Halves, "All sines, then all cosines (Marian)."));

    public static Choices Spacings { get; } = new(
        new("open", SinusoidalSpacing.Open, "base^(−i / half) for i up to half the width (the original transformer)."),
        new("closed", SinusoidalSpacing.Closed, "base^(−i / (half − 1)): the slowest frequency is 1 / base (M2M-100)."));

    public static Choices Scalings { get; } = new(
        new("linear", RotaryScalingKind.Linear, "All frequencies are divided by the factor."),
        new("ntk", RotaryScalingKind.Ntk, "The base is multiplied by factor^(width / (width − 2))."),
        new("yarn", RotaryScalingKind.Yarn, "Slow frequencies are divided by the factor, fast ones kept, a ramp between."),
        new("llama3", RotaryScalingKind.Llama3, "As yarn, the bounds being said as factors of the wavelength (Llama 3.1)."),
        new("longrope", RotaryScalingKind.LongRope, "Each frequency is divided by a number of its own (Phi-3)."));

    public static Choices QueryKeyNorms { get; } = new(
        new("none", QueryKeyNorm.None, "None."),
        new("head", QueryKeyNorm.Head, "Each head by itself, all with one gain (Qwen3, Gemma 3)."),
        new("whole", QueryKeyNorm.Whole, "All heads as one row (OLMo 2)."));

    public static Choices RouterScores { get; } = new(
        new("softmax", RouterScore.Softmax, "Shares that sum to one over all experts."),
        new("sigmoid", RouterScore.Sigmoid, "Each for itself between 0 and 1 (DeepSeek-V3)."));

    public static Choices GroupScores { get; } = new(
        new("largest", GroupScore.Largest, "Its best expert's score (DeepSeek-V2)."),
        new("two_largest", GroupScore.TwoLargest, "The sum of its two best (DeepSeek-V3)."));

    public static Choices Parts { get; } = new(
        new("sequential", PartsArrangement.Sequential, "The feed-forward part reads what attention left."),
        new("parallel", PartsArrangement.Parallel, "Both read the same residual stream, each through a norm of its own (GPT-NeoX)."),
        new("parallel_shared_norm", PartsArrangement.ParallelSharedNorm, "Both read one norm of the same residual stream (Phi)."));

    public static Choices Inputs { get; } = new(
        new Choice("tokens", InputChoice.Tokens, "Token ids."),
        new Choice("vectors", InputChoice.Vectors, "Vectors of the model's width, which a front end outside the model makes of sound or pictures."));

    public static Choices Poolings { get; } = new(
        new("mean", PoolingKind.Mean, "The mean of all tokens' states."),
        new("first", PoolingKind.First, "The first token's state."));

    /// <summary>What undoes a value that an outer section gives.</summary>
    public static Choices Nothing { get; } = new(
        new Choice("none", NoneChoice.None, "None, also where an outer section says otherwise."));

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
        new("tokenizer_json", TokenizerKind.TokenizerJson, "Hugging Face's tokenizer.json."),
        new("marian", TokenizerKind.Marian, "source.spm, target.spm and vocab.json (Marian, Opus-MT)."));
}

/// <summary>What <c>positions: {kind: …}</c> can say.</summary>
internal enum PositionsChoice
{
    None,
    Learned,
    Sinusoidal,
    Rotary,
    Alibi,
    Relative,
}

/// <summary>What <c>input:</c> can say.</summary>
internal enum InputChoice
{
    Tokens,
    Vectors,
}

/// <summary>The value that undoes an outer section's.</summary>
internal enum NoneChoice
{
    None,
}

/// <summary>Names for the scale of the embedding.</summary>
internal enum EmbeddingScale
{
    SqrtWidth,
}
