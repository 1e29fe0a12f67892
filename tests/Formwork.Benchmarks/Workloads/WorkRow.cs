namespace Formwork.Benchmarks.Workloads;

/// <summary>Which half of generating a row times.</summary>
public enum WorkPhase
{
    /// <summary>A whole prompt in one pass, the last token's logits: bound by multiply-adds.</summary>
    Prefill,

    /// <summary>One token after another: bound by reading the weights.</summary>
    Decode,
}

/// <summary>One row of the side-by-side table.</summary>
/// <param name="Shape">The model's shape.</param>
/// <param name="Phase">What is timed.</param>
/// <param name="Tokens">Tokens that are timed.</param>
/// <param name="OnRequest">Whether the row runs only when <c>--only</c> names it (its weights are large).</param>
public sealed record WorkRow(DecoderShape Shape, WorkPhase Phase, int Tokens, bool OnRequest = false)
{
    /// <summary>Tokens that a sequence has before the timed steps of <see cref="WorkPhase.Decode"/> begin.</summary>
    public const int PromptTokens = 16;

    /// <summary>All rows, in the table's order.</summary>
    public static IReadOnlyList<WorkRow> All { get; } = Rows();

    private static WorkRow[] Rows()
    {
        DecoderShape gpt2 = DecoderShape.Load("gpt2"), smolLm = DecoderShape.Load("smollm2-135m");
        DecoderShape stories = DecoderShape.Load("stories260k"), tinyLlama = DecoderShape.Load("tinyllama-1.1b");
        return
        [
            new(gpt2, WorkPhase.Prefill, 512),
            new(gpt2, WorkPhase.Decode, 64),
            new(smolLm, WorkPhase.Prefill, 512),
            new(smolLm, WorkPhase.Decode, 64),
            new(stories, WorkPhase.Decode, 256),
            new(tinyLlama, WorkPhase.Prefill, 512, OnRequest: true),
            new(tinyLlama, WorkPhase.Decode, 16, OnRequest: true),
        ];
    }

    /// <summary>For example <c>gpt2 prefill 512</c>; what <c>--only</c> is compared with.</summary>
    public string Name => $"{Shape.Name} {Phase.ToString().ToLowerInvariant()} {Tokens}";

    /// <summary>The longest sequence of the row.</summary>
    public int Capacity => Phase == WorkPhase.Prefill ? Tokens : PromptTokens + Tokens;

    /// <summary>Tokens per second of a machine that does nothing but the row's multiply-adds, or nothing but read its weights and cache, at its limit.</summary>
    public double LimitTokensPerSecond(Limits.MachineLimits limits) => Phase == WorkPhase.Prefill
        ? Tokens * limits.FlopsPerSecond / Shape.PrefillFlops(Tokens)
        : limits.BytesPerSecond / (Shape.DecodingWeightBytes + Shape.DecodingCacheBytes(PromptTokens + Tokens / 2));
}
