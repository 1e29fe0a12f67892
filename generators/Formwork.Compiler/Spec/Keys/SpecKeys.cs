namespace Formwork.Compiler.Spec.Keys;

/// <summary>
/// Every key of a spec: the one table that the parser checks against, that the JSON Schema is written from and that messages quote.
/// Rules that join several keys are in <see cref="SpecResolver"/>.
/// </summary>
internal static class SpecKeys
{
    private static readonly ValueKind Boolean = new BooleanKind();
    private static readonly ValueKind FileName = new TextKind("a file name");

    private static SectionKind AttentionBias { get; } = new(
        new SpecKey("query", Boolean, "Whether the query projection has a bias.") { Default = "false" },
        new SpecKey("key", Boolean, "Whether the key projection has a bias.") { Default = "false" },
        new SpecKey("value", Boolean, "Whether the value projection has a bias.") { Default = "false" },
        new SpecKey("output", Boolean, "Whether the output projection has a bias.") { Default = "false" });

    private static SectionKind FeedForwardBias { get; } = new(
        new SpecKey("gate", Boolean, "Whether the gate projection has a bias (only with `gated: true`).") { Default = "false" },
        new SpecKey("up", Boolean, "Whether the projection up has a bias.") { Default = "false" },
        new SpecKey("down", Boolean, "Whether the projection down has a bias.") { Default = "false" });

    private static SectionKind Attention { get; } = new(
        new SpecKey("heads", new IntegerKind(1, SpecLimits.Heads), "Number of query heads.") { Required = true },
        new SpecKey("key_value_heads", new IntegerKind(1, SpecLimits.Heads),
            "Number of key and value heads; must divide `heads`. Fewer than `heads` is grouped-query attention.") { Default = "heads" },
        new SpecKey("head_width", new IntegerKind(1, SpecLimits.HeadWidth), "Width of a head.") { Default = "width / heads" },
        new SpecKey("bias", new EitherKind(Boolean, AttentionBias), "Whether the four projections have biases, all alike or one by one.") { Default = "false" },
        new SpecKey("scale", new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale),
            "What attention scores are multiplied by.") { Default = "1 / √head_width" })
    {
        Definition = "attention",
    };

    private static SectionKind FeedForward { get; } = new(
        new SpecKey("width", new IntegerKind(1, SpecLimits.FeedForwardWidth), "Width between the projections up and down.") { Required = true },
        new SpecKey("activation", new ChoiceKind(SpecNames.Activations), "The function between them.") { Required = true },
        new SpecKey("gated", Boolean, "Whether it is down(activation(gate(x)) ∘ up(x)), as in SwiGLU, and not down(activation(up(x))).") { Default = "false" },
        new SpecKey("bias", new EitherKind(Boolean, FeedForwardBias), "Whether the projections have biases, all alike or one by one.") { Default = "false" })
    {
        Definition = "feed_forward",
    };

    private static SectionKind Norm { get; } = new(
        new SpecKey("kind", new ChoiceKind(SpecNames.Norms), "Which norm.") { Required = true },
        new SpecKey("epsilon", new NumberKind(SpecLimits.SmallestEpsilon, SpecLimits.LargestEpsilon),
            "Added to the variance or mean square, so that it cannot be zero.") { Default = "1e-5" },
        new SpecKey("placement", new ChoiceKind(SpecNames.Placements), "Where norms stand in a layer.") { Default = "pre" },
        new SpecKey("bias", Boolean,
            "Whether a bias is added after the gain (layer norm only).") { Default = "true for layer norm", When = new Condition("kind", "layer") },
        new SpecKey("unit_offset", Boolean, "Whether checkpoints store the gain minus one (Gemma).") { Default = "false" })
    {
        Definition = "norm",
    };

    private static readonly SpecKey RotaryBase = new("base", new NumberKind(1, SpecLimits.LargestRotaryBase),
        "The base of the frequencies.") { Default = "10000", When = new Condition("kind", "rotary", "sinusoidal") };
    private static readonly SpecKey Pairing = new("pairing", new ChoiceKind(SpecNames.Pairings),
        "Which two numbers of a head one rotation turns.") { Default = "half", When = new Condition("kind", "rotary") };
    private static readonly SpecKey Fraction = new("fraction", new NumberKind(SpecLimits.SmallestFraction, 1),
        "How much of a head is rotated, from its first number.") { Default = "1", When = new Condition("kind", "rotary") };

    private static SectionKind Positions { get; } = new(
        new SpecKey("kind", new ChoiceKind(SpecNames.Positions), "How the model knows positions.") { Required = true },
        RotaryBase,
        Pairing,
        Fraction,
        new SpecKey("arrangement", new ChoiceKind(SpecNames.Arrangements),
            "The order of sines and cosines.") { Default = "interleaved", When = new Condition("kind", "sinusoidal") })
    {
        Definition = "positions",
    };

    private static SectionKind LayerPositions { get; } = new(
        new SpecKey("kind", new ChoiceKind(SpecNames.LayerPositions),
            "Whether these layers rotate queries and keys. Positions that are added to the embedding are the model's, not a layer's.") { Required = true },
        RotaryBase,
        Pairing,
        Fraction)
    {
        Definition = "layer_positions",
    };

    private static SectionKind LayerGroup { get; } = new(
        new SpecKey("repeat", new IntegerKind(1, SpecLimits.Layers), "How many such layers follow each other.") { Default = "1" },
        new SpecKey("attention", Attention, "What differs from `attention` in these layers."),
        new SpecKey("feed_forward", FeedForward, "What differs from `feed_forward` in these layers."),
        new SpecKey("norm", Norm, "What differs from `norm` in these layers."),
        new SpecKey("positions", LayerPositions, "What differs from `positions` in these layers."))
    {
        Definition = "layer_group",
    };

    /// <summary>The keys of a stack of layers. They stand at the top for all stacks, and in `encoder` and `decoder` for one.</summary>
    private static SpecKey[] StackKeys { get; } =
    [
        new SpecKey("context", new IntegerKind(1, SpecLimits.Context), "The most tokens a sequence can have.") { Required = true },
        new SpecKey("layers", new EitherKind(new IntegerKind(1, SpecLimits.Layers), new ListKind("a list of groups of layers", LayerGroup, 1)),
            "The number of layers, or a list of groups of layers with what differs in them.") { Required = true },
        new SpecKey("attention", Attention, "Attention.") { Required = true },
        new SpecKey("feed_forward", FeedForward, "The feed-forward part.") { Required = true },
        new SpecKey("norm", Norm, "The norms.") { Required = true },
        new SpecKey("positions", Positions, "How the model knows positions.") { Default = "{kind: none}" },
    ];

    private static SectionKind Stack { get; } = new(StackKeys)
    {
        Definition = "stack",
    };

    private static SectionKind Embedding { get; } = new(
        new SpecKey("tied", Boolean, "Whether the unembedding is the token embedding, transposed.") { Default = "true" },
        new SpecKey("scale", new EitherKind(new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale), new ChoiceKind(SpecNames.EmbeddingScales)),
            "What the embedded vector is multiplied by.") { Default = "1" });

    private static SectionKind Unembedding { get; } = new(
        new SpecKey("bias", Boolean, "Whether a bias a token is added to the logits.") { Default = "false" });

    private static readonly ValueKind TokenId = new IntegerKind(0, SpecLimits.Vocabulary - 1);

    private static SectionKind Tokenizer { get; } = new(
        new SpecKey("kind", new ChoiceKind(SpecNames.Tokenizers), "The format of the tokenizer's files.") { Required = true },
        new SpecKey("file", FileName, "The file beside the weights.") { Default = "the format's usual names" },
        new SpecKey("merges_file", FileName, "The merges beside it.") { Default = "the usual names", When = new Condition("kind", "byte_bpe") },
        new SpecKey("begin", TokenId, "The token id put before a prompt.") { Default = "none" },
        new SpecKey("end", new EitherKind(TokenId, new ListKind("a list of token ids", TokenId)), "The token ids that end a text.") { Default = "[]" });

    /// <summary>The whole file.</summary>
    public static SectionKind Model { get; } = new(
    [
        new SpecKey("model", new IdentifierKind(), "The name of the generated C# class.") { Required = true },
        new SpecKey("architecture", new ChoiceKind(SpecNames.Architectures), "Which stacks of layers the model has.") { Required = true },
        new SpecKey("vocabulary", new IntegerKind(1, SpecLimits.Vocabulary), "The number of token ids.") { Required = true },
        new SpecKey("width", new IntegerKind(1, SpecLimits.Width), "The width of the residual stream (hidden_size, n_embd, d_model).") { Required = true },
        .. StackKeys,
        new SpecKey("embedding", Embedding, "The token embedding."),
        new SpecKey("unembedding", Unembedding, "The map from the residual stream to logits."),
        new SpecKey("encoder", Stack, "What differs in the encoder."),
        new SpecKey("decoder", Stack, "What differs in the decoder."),
        new SpecKey("weights", LayoutKeys.Layout,
            "Which tensor names and orders a checkpoint has: a known layout, or one of the spec's own.") { Default = "{layout: formwork}" },
        new SpecKey("tokenizer", Tokenizer, "How text becomes token ids.") { Default = "{kind: none}" },
    ]);

    /// <summary>The sections that a schema says once.</summary>
    public static IReadOnlyList<SectionKind> Definitions { get; } = [Attention, FeedForward, Norm, Positions, LayerPositions, LayerGroup, Stack];

    /// <summary>Whether a key of the file can also stand in a stack's own section.</summary>
    public static bool IsOfStack(SpecKey key) => StackKeys.Contains(key);

    /// <summary>The paths of the sections that have a key of this name: <c>heads</c> is one of <c>attention</c>.</summary>
    public static IEnumerable<string> SectionsWith(string name) => Model.Find(name) is not null
        ? [""]
        : Model.Keys.Where(key => key.Value is SectionKind section && section.Find(name) is not null).Select(key => key.Name);
}
