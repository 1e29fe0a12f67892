namespace Formwork.Compiler.Spec.Keys;

/// <summary>
/// Every key of a spec: the one table that the parser checks against, that the JSON Schema is written from and that messages quote.
/// Rules that join several keys are in <see cref="SpecResolver"/>.
/// </summary>
internal static class SpecKeys
{
    private static readonly ValueKind Boolean = new BooleanKind();
    private static readonly ValueKind FileName = new TextKind("a file name");
    private static readonly ValueKind None = new ChoiceKind(SpecNames.Nothing);

    private static SectionKind AttentionBias { get; } = new(
        new SpecKey("query", Boolean, "Whether the query projection has a bias.") { Default = "false" },
        new SpecKey("key", Boolean, "Whether the key projection has a bias.") { Default = "false" },
        new SpecKey("value", Boolean, "Whether the value projection has a bias.") { Default = "false" },
        new SpecKey("output", Boolean, "Whether the output projection has a bias.") { Default = "false" });

    private static SectionKind FeedForwardBias { get; } = new(
        new SpecKey("gate", Boolean, "Whether the gate projection has a bias (only with `gated: true`).") { Default = "false" },
        new SpecKey("up", Boolean, "Whether the projection up has a bias.") { Default = "false" },
        new SpecKey("down", Boolean, "Whether the projection down has a bias.") { Default = "false" });

    private static SectionKind Latent { get; } = new(
        new SpecKey("query_rank", new EitherKind(new IntegerKind(1, SpecLimits.Width), None), "Width of the narrow vector that queries come from.") { Default = "none" },
        new SpecKey("key_value_rank", new IntegerKind(1, SpecLimits.Width), "Width of the narrow vector that keys and values come from.") { Required = true },
        new SpecKey("rotary_width", new IntegerKind(2, SpecLimits.HeadWidth), "How many of a head's numbers are rotated, its last ones; `head_width` counts them.") { Required = true },
        new SpecKey("value_width", new IntegerKind(1, SpecLimits.HeadWidth), "Width of a head's value.") { Required = true });

    private static readonly SpecKey NormKindKey = new("kind", new ChoiceKind(SpecNames.Norms), "Which norm.") { Required = true };
    private static readonly SpecKey Epsilon = new("epsilon", new NumberKind(SpecLimits.SmallestEpsilon, SpecLimits.LargestEpsilon),
        "Added to the variance or mean square, so that it cannot be zero.") { Default = "1e-5" };
    private static readonly SpecKey NormBias = new("bias", Boolean,
        "Whether a bias is added after the gain (layer norm only).") { Default = "true for layer norm", When = new Condition("kind", "layer") };
    private static readonly SpecKey UnitOffset = new("unit_offset", Boolean, "Whether checkpoints store the gain minus one (Gemma).") { Default = "false" };

    private static SectionKind PartNorm { get; } = new(NormKindKey, Epsilon, NormBias, UnitOffset)
    {
        Definition = "part_norm",
    };

    private static SectionKind Attention { get; } = new(
        new SpecKey("heads", new IntegerKind(1, SpecLimits.Heads), "Number of query heads.") { Required = true },
        new SpecKey("key_value_heads", new IntegerKind(1, SpecLimits.Heads),
            "Number of key and value heads; must divide `heads`. Fewer than `heads` is grouped-query attention.") { Default = "heads" },
        new SpecKey("head_width", new IntegerKind(1, SpecLimits.HeadWidth), "Width of a head.") { Default = "width / heads" },
        new SpecKey("bias", new EitherKind(Boolean, AttentionBias), "Whether the four projections have biases, all alike or one by one.") { Default = "false" },
        new SpecKey("scale", new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale),
            "What attention scores are multiplied by.") { Default = "1 / √head_width" },
        new SpecKey("window", new EitherKind(new IntegerKind(1, SpecLimits.Context), None),
            "How many tokens a token sees: in a decoder the last so many, itself included; in an encoder half as many to each side.") { Default = "none" },
        new SpecKey("score_cap", new EitherKind(new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale), None),
            "Scores s become cap·tanh(s / cap).") { Default = "none" },
        new SpecKey("sinks", Boolean, "Whether each head has a learned score that takes a share of the softmax and gives nothing.") { Default = "false" },
        new SpecKey("query_key_norm", new ChoiceKind(SpecNames.QueryKeyNorms), "Which norm queries and keys pass before they are rotated.") { Default = "none" },
        new SpecKey("latent", new EitherKind(Latent, None), "Latent attention: keys and values come from one narrow vector a token (DeepSeek).") { Default = "none" },
        new SpecKey("norm", PartNorm, "What differs from `norm` in this part."))
    {
        Definition = "attention",
    };

    private static SectionKind Experts { get; } = new(
        new SpecKey("count", new IntegerKind(1, SpecLimits.Experts), "Number of experts.") { Required = true },
        new SpecKey("chosen", new IntegerKind(1, SpecLimits.Experts), "How many of them see a token.") { Required = true },
        new SpecKey("score", new ChoiceKind(SpecNames.RouterScores), "What the router's logits become.") { Default = "softmax" },
        new SpecKey("renormalize", Boolean, "Whether the chosen experts' weights are made to sum to one.") { Default = "true" },
        new SpecKey("scale", new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale), "What the weights are multiplied by at the end.") { Default = "1" },
        new SpecKey("router_bias", Boolean, "Whether the router's projection has a bias.") { Default = "false" },
        new SpecKey("selection_bias", Boolean, "Whether each expert has a number that is added to its score for the choice only (DeepSeek-V3).") { Default = "false" },
        new SpecKey("groups", new IntegerKind(1, SpecLimits.Experts), "In how many groups the experts are; must divide `count`.") { Default = "1" },
        new SpecKey("chosen_groups", new IntegerKind(1, SpecLimits.Experts), "From how many groups a token's experts are chosen.") { Default = "groups" },
        new SpecKey("group_score", new ChoiceKind(SpecNames.GroupScores), "What speaks for a group.") { Default = "largest" },
        new SpecKey("shared_width", new EitherKind(new IntegerKind(1, SpecLimits.FeedForwardWidth), None), "Width of an expert that sees every token.") { Default = "none" },
        new SpecKey("shared_gate", Boolean, "Whether the shared expert's output is multiplied by σ(a product of the token) (Qwen2-MoE).") { Default = "false" });

    private static SectionKind FeedForward { get; } = new(
        new SpecKey("width", new IntegerKind(1, SpecLimits.FeedForwardWidth), "Width between the projections up and down.") { Required = true },
        new SpecKey("activation", new ChoiceKind(SpecNames.Activations), "The function between them.") { Required = true },
        new SpecKey("gated", Boolean, "Whether it is down(activation(gate(x)) ∘ up(x)), as in SwiGLU, and not down(activation(up(x))).") { Default = "false" },
        new SpecKey("bias", new EitherKind(Boolean, FeedForwardBias), "Whether the projections have biases, all alike or one by one.") { Default = "false" },
        new SpecKey("clamp", new EitherKind(new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale), None),
            "With a gate: gate(x) is at most this, up(x) within plus and minus it (gpt-oss).") { Default = "none" },
        new SpecKey("up_offset", new NumberKind(-SpecLimits.LargestScale, SpecLimits.LargestScale), "With a gate: what is added to up(x), after `clamp`.") { Default = "0" },
        new SpecKey("experts", new EitherKind(Experts, None), "A mixture of experts; `width` is then that of each.") { Default = "none" },
        new SpecKey("norm", PartNorm, "What differs from `norm` in this part."))
    {
        Definition = "feed_forward",
    };

    private static SectionKind Norm { get; } = new(
        NormKindKey,
        Epsilon,
        new SpecKey("placement", new ChoiceKind(SpecNames.Placements), "Where norms stand in a layer.") { Default = "pre" },
        NormBias,
        UnitOffset)
    {
        Definition = "norm",
    };

    private static readonly SpecKey RotaryBase = new("base", new NumberKind(1, SpecLimits.LargestRotaryBase),
        "The base of the frequencies.") { Default = "10000", When = new Condition("kind", "rotary", "sinusoidal") };
    private static readonly SpecKey Pairing = new("pairing", new ChoiceKind(SpecNames.Pairings),
        "Which two numbers of a head one rotation turns.") { Default = "half", When = new Condition("kind", "rotary") };
    private static readonly SpecKey Fraction = new("fraction", new NumberKind(SpecLimits.SmallestFraction, 1),
        "How much of a head is rotated, from its first number.") { Default = "1", When = new Condition("kind", "rotary") };

    private static readonly ValueKind Factors = new ListKind("a list of numbers, one a frequency", new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale), 1);

    private static SectionKind Scaling { get; } = new(
        new SpecKey("kind", new ChoiceKind(SpecNames.Scalings), "How the frequencies are stretched.") { Required = true },
        new SpecKey("factor", new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale),
            "How many times longer the context is than the training's.") { Default = "1", When = new Condition("kind", "linear", "ntk", "yarn", "llama3") },
        new SpecKey("original_context", new IntegerKind(1, SpecLimits.Context),
            "The training's context.") { Default = "context", When = new Condition("kind", "yarn", "llama3", "longrope") },
        new SpecKey("beta_fast", new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale),
            "Frequencies that turn more often than this in the original context are kept.") { Default = "32", When = new Condition("kind", "yarn") },
        new SpecKey("beta_slow", new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale),
            "Frequencies that turn less often than this in the original context are divided by the factor.") { Default = "1", When = new Condition("kind", "yarn") },
        new SpecKey("truncate", Boolean, "Whether the ramp between the two is rounded outwards to whole frequencies.") { Default = "true", When = new Condition("kind", "yarn") },
        new SpecKey("attention_factor", new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale), "What sines and cosines are multiplied by.")
        {
            Default = "0.1·ln(factor) + 1 for yarn; √(1 + ln(context / original_context) / ln(original_context)) for longrope, 1 up to the original context",
            When = new Condition("kind", "yarn", "longrope"),
        },
        new SpecKey("low_frequency_factor", new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale),
            "Wavelengths above the original context divided by this are stretched.") { Default = "1", When = new Condition("kind", "llama3") },
        new SpecKey("high_frequency_factor", new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale),
            "Wavelengths below the original context divided by this are kept.") { Default = "4", When = new Condition("kind", "llama3") },
        new SpecKey("short_factors", Factors, "A divisor a frequency, for contexts up to the original.") { Default = "ones", When = new Condition("kind", "longrope") },
        new SpecKey("long_factors", Factors, "A divisor a frequency, for longer contexts.") { Default = "ones", When = new Condition("kind", "longrope") })
    {
        Definition = "scaling",
    };

    private static readonly SpecKey ScalingKey = new("scaling", new EitherKind(Scaling, None),
        "How the frequencies are stretched for contexts longer than the training's.") { Default = "none", When = new Condition("kind", "rotary") };

    private static SectionKind Positions { get; } = new(
        new SpecKey("kind", new ChoiceKind(SpecNames.Positions), "How the model knows positions.") { Required = true },
        RotaryBase,
        Pairing,
        Fraction,
        ScalingKey,
        new SpecKey("arrangement", new ChoiceKind(SpecNames.Arrangements),
            "The order of sines and cosines.") { Default = "interleaved", When = new Condition("kind", "sinusoidal") },
        new SpecKey("spacing", new ChoiceKind(SpecNames.Spacings),
            "Which frequencies the sinusoids have.") { Default = "open", When = new Condition("kind", "sinusoidal") },
        new SpecKey("offset", new IntegerKind(0, SpecLimits.PositionOffset),
            "The row of position 0; a learned table has so many rows more.") { Default = "0", When = new Condition("kind", "learned", "sinusoidal") },
        new SpecKey("buckets", new IntegerKind(4, SpecLimits.Buckets),
            "Number of buckets of distances.") { Default = "32", When = new Condition("kind", "relative") },
        new SpecKey("max_distance", new IntegerKind(2, SpecLimits.Context),
            "The distance from which on all are in the last bucket.") { Default = "128", When = new Condition("kind", "relative") })
    {
        Definition = "positions",
    };

    private static SectionKind LayerPositions { get; } = new(
        new SpecKey("kind", new ChoiceKind(SpecNames.LayerPositions),
            "Whether these layers rotate queries and keys. Other positions are the stack's, not a layer's.") { Required = true },
        RotaryBase,
        Pairing,
        Fraction,
        ScalingKey)
    {
        Definition = "layer_positions",
    };

    private static readonly SpecKey Parts = new("parts", new ChoiceKind(SpecNames.Parts), "How attention and feed-forward of a layer stand to each other.") { Default = "sequential" };
    private static readonly SpecKey ResidualScale = new("residual_scale", new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale),
        "What a part's output is multiplied by before it is added to the residual stream.") { Default = "1" };

    private static SectionKind LayerGroup { get; } = new(
        new SpecKey("repeat", new IntegerKind(1, SpecLimits.Layers), "How many such layers follow each other.") { Default = "1" },
        new SpecKey("attention", Attention, "What differs from `attention` in these layers."),
        new SpecKey("cross_attention", Attention, "What differs from `cross_attention` in these layers."),
        new SpecKey("feed_forward", FeedForward, "What differs from `feed_forward` in these layers."),
        new SpecKey("norm", Norm, "What differs from `norm` in these layers."),
        new SpecKey("positions", LayerPositions, "What differs from `positions` in these layers."),
        Parts,
        ResidualScale)
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
        new SpecKey("cross_attention", Attention, "What differs from `attention` where a decoder attends to the source."),
        new SpecKey("feed_forward", FeedForward, "The feed-forward part.") { Required = true },
        new SpecKey("norm", Norm, "The norms.") { Required = true },
        new SpecKey("positions", Positions, "How the model knows positions.") { Default = "{kind: none}" },
        Parts,
        ResidualScale,
        new SpecKey("final_norm", Boolean, "Whether there is a norm after the last layer.") { Default = "true unless norms stand `post`" },
        new SpecKey("input", new ChoiceKind(SpecNames.Inputs), "What the stack is given; an encoder can take vectors that a front end outside the model makes.") { Default = "tokens" },
    ];

    private static SectionKind Stack { get; } = new(StackKeys)
    {
        Definition = "stack",
    };

    private static SectionKind Embedding { get; } = new(
        new SpecKey("tied", Boolean, "Whether the unembedding is the token embedding, transposed.") { Default = "true" },
        new SpecKey("scale", new EitherKind(new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale), new ChoiceKind(SpecNames.EmbeddingScales)),
            "What the embedded vector is multiplied by.") { Default = "1" },
        new SpecKey("norm", Boolean, "Whether the stack's norm follows the embedding, after positions are added.") { Default = "false" },
        new SpecKey("token_types", new IntegerKind(0, SpecLimits.TokenTypes), "Number of token types, each with a vector that is added (BERT's segments).") { Default = "0" },
        new SpecKey("shared", Boolean, "Whether encoder and decoder have one table.") { Default = "true without `source_vocabulary`" });

    private static SectionKind Unembedding { get; } = new(
        new SpecKey("bias", Boolean, "Whether a bias a token is added to the logits.") { Default = "false" },
        new SpecKey("cap", new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale), "Logits z become cap·tanh(z / cap).") { Default = "none" },
        new SpecKey("scale", new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale), "What logits are multiplied by.") { Default = "1" },
        new SpecKey("transform", new ChoiceKind(SpecNames.Activations), "The activation of a linear map and norm before the product (BERT).") { Default = "none" },
        new SpecKey("transform_bias", Boolean, "Whether that map has a bias.") { Default = "true" });

    private static SectionKind Pooler { get; } = new(
        new SpecKey("activation", new ChoiceKind(SpecNames.Activations), "The function after the linear map.") { Default = "tanh" },
        new SpecKey("bias", Boolean, "Whether the linear map has a bias.") { Default = "true" },
        new SpecKey("norm", Boolean, "Whether the stack's norm follows.") { Default = "false" });

    private static SectionKind Classifier { get; } = new(
        new SpecKey("labels", new IntegerKind(1, SpecLimits.Labels), "Number of labels.") { Required = true },
        new SpecKey("bias", Boolean, "Whether the map has a bias.") { Default = "true" });

    private static SectionKind Pooling { get; } = new(
        new SpecKey("kind", new ChoiceKind(SpecNames.Poolings), "Which states make the vector of a text.") { Default = "mean" },
        new SpecKey("normalize", Boolean, "Whether the vector is divided by its length.") { Default = "true" });

    private static readonly ValueKind TokenId = new IntegerKind(0, SpecLimits.Vocabulary - 1);
    private static readonly ValueKind TokenIds = new ListKind("a list of token ids", TokenId);

    private static SectionKind Tokenizer { get; } = new(
        new SpecKey("kind", new ChoiceKind(SpecNames.Tokenizers), "The format of the tokenizer's files.") { Required = true },
        new SpecKey("file", FileName, "The file beside the weights.") { Default = "the format's usual names" },
        new SpecKey("merges_file", FileName, "The merges beside it.") { Default = "the usual names", When = new Condition("kind", "byte_bpe") },
        new SpecKey("begin", TokenId, "The token id put before a prompt.") { Default = "none" },
        new SpecKey("end", new EitherKind(TokenId, TokenIds), "The token ids that end a text.") { Default = "[]" });

    private static SectionKind Generation { get; } = new(
        new SpecKey("start", TokenId, "The token that a decoder over a source starts with.") { Default = "`tokenizer.begin`" },
        new SpecKey("forced_first", TokenIds, "Tokens that come first whatever the model says.") { Default = "[]" },
        new SpecKey("suppressed", TokenIds, "Tokens that never come.") { Default = "[]" },
        new SpecKey("temperature", new NumberKind(0, SpecLimits.LargestScale), "What logits are divided by; 0 takes the likeliest."),
        new SpecKey("top_k", new IntegerKind(0, SpecLimits.Vocabulary), "Only so many of the likeliest tokens; 0 for all."),
        new SpecKey("top_p", new NumberKind(0, 1), "Only the likeliest tokens that have this share together."),
        new SpecKey("repetition_penalty", new NumberKind(SpecLimits.SmallestScale, SpecLimits.LargestScale), "What the logits of tokens that came already are divided by."),
        new SpecKey("beams", new IntegerKind(1, SpecLimits.Beams), "Number of beams."),
        new SpecKey("length_penalty", new NumberKind(-SpecLimits.LargestScale, SpecLimits.LargestScale), "The exponent of the length that beams' scores are divided by."));

    private static readonly ValueKind Rate = new NumberKind(0, SpecLimits.LargestDropout);

    private static SectionKind Dropout { get; } = new(
        new SpecKey("embedding", Rate, "Of the embedding, positions added.") { Default = "0" },
        new SpecKey("residual", Rate, "Of each part's output, before it is added to the residual stream.") { Default = "0" },
        new SpecKey("attention", Rate, "Of the softmax's weights in attention.") { Default = "0" },
        new SpecKey("activation", Rate, "Between the projections of the feed-forward part.") { Default = "0" });

    private static SectionKind Training { get; } = new(
        new SpecKey("dropout", new EitherKind(Rate, Dropout), "The share of numbers that are dropped while training: a number for the embedding and parts' outputs, or place by place.") { Default = "0" },
        new SpecKey("recompute", new ChoiceKind(SpecNames.Recomputes), "What the backward pass computes again instead of keeping it.") { Default = "none" });

    /// <summary>The whole file.</summary>
    public static SectionKind Model { get; } = new(
    [
        new SpecKey("model", new IdentifierKind(), "The name of the generated C# class.") { Required = true },
        new SpecKey("architecture", new ChoiceKind(SpecNames.Architectures), "Which stacks of layers the model has.") { Required = true },
        new SpecKey("vocabulary", new IntegerKind(1, SpecLimits.Vocabulary), "The number of token ids; the target's, where `source_vocabulary` gives the source's.") { Required = true },
        new SpecKey("source_vocabulary", new IntegerKind(1, SpecLimits.Vocabulary), "The number of the source's token ids, where an encoder has a vocabulary of its own.") { Default = "vocabulary" },
        new SpecKey("width", new IntegerKind(1, SpecLimits.Width), "The width of the residual stream (hidden_size, n_embd, d_model).") { Required = true },
        .. StackKeys,
        new SpecKey("embedding", Embedding, "The token embedding."),
        new SpecKey("unembedding", Unembedding, "The map from the residual stream to logits."),
        new SpecKey("pooler", Pooler, "What an encoder makes of a sequence's first token.") { Default = "none" },
        new SpecKey("classifier", Classifier, "A linear map from the pooler's output, or the first token's state, to labels.") { Default = "none" },
        new SpecKey("pooling", Pooling, "How an encoder's states become one vector a text."),
        new SpecKey("encoder", Stack, "What differs in the encoder."),
        new SpecKey("decoder", Stack, "What differs in the decoder."),
        new SpecKey("weights", LayoutKeys.Layout,
            "Which tensor names and orders a checkpoint has: a known layout, or one of the spec's own.") { Default = "{layout: formwork}" },
        new SpecKey("tokenizer", Tokenizer, "How text becomes token ids.") { Default = "{kind: none}" },
        new SpecKey("generation", Generation, "How generating goes when the caller does not say."),
        new SpecKey("training", new EitherKind(Boolean, Training), "Whether the model can learn: code for gradients is then emitted too.") { Default = "false" },
    ]);

    /// <summary>The sections that a schema says once.</summary>
    public static IReadOnlyList<SectionKind> Definitions { get; } = [Attention, FeedForward, PartNorm, Norm, Scaling, Positions, LayerPositions, LayerGroup, Stack];

    /// <summary>Whether a key of the file can also stand in a stack's own section.</summary>
    public static bool IsOfStack(SpecKey key) => StackKeys.Contains(key);

    /// <summary>The paths of the sections that have a key of this name: <c>heads</c> is one of <c>attention</c>.</summary>
    public static IEnumerable<string> SectionsWith(string name) => Model.Find(name) is not null
        ? [""]
        : Model.Keys.Where(key => key.Value is SectionKind section && section.Find(name) is not null).Select(key => key.Name);
}
