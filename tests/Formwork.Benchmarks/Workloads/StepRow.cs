using Formwork.Benchmarks.Limits;

namespace Formwork.Benchmarks.Workloads;

/// <summary>A row of the table of translation: steps of one source's targets, which are the beams of a search, bound by reading the weights.</summary>
/// <param name="Shape">The model's shape.</param>
/// <param name="Targets">Targets that take a token each in every step.</param>
public sealed record StepRow(TranslatorShape Shape, int Targets)
{
    /// <summary>Tokens of the source.</summary>
    public const int SourceTokens = 32;

    /// <summary>Tokens that each target has before the timed steps.</summary>
    public const int FirstPosition = 8;

    /// <summary>Steps that are timed together, one being too short: as many before position 16 as from it on.</summary>
    public const int Steps = 16;

    /// <summary>All rows, in the table's order.</summary>
    public static IReadOnlyList<StepRow> All { get; } = Rows();

    /// <summary>For example <c>transformer-base step 4</c>; what <c>--only</c> is compared with.</summary>
    public string Name => $"{Shape.Name} step {Targets}";

    /// <summary>Tokens per second, over all targets, of a machine that does nothing but read the weights and the caches once a step at its limit.</summary>
    public double LimitPerSecond(MachineLimits limits) =>
        Targets * limits.BytesPerSecond / (Shape.StepWeightBytes + Shape.StepCacheBytes(Targets, FirstPosition + Steps / 2, SourceTokens));

    private static StepRow[] Rows()
    {
        var transformer = TranslatorShape.Load("transformer-base");
        return [new(transformer, 1), new(transformer, 4)];
    }
}
