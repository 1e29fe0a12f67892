using Formwork.Benchmarks.Limits;

namespace Formwork.Benchmarks.Workloads;

/// <summary>A row of the table of encoders: the states of several sequences at once, bound by multiply-adds.</summary>
/// <param name="Shape">The model's shape.</param>
/// <param name="Sequences">Sequences that are encoded together.</param>
/// <param name="Tokens">Tokens of each.</param>
public sealed record EncodeRow(EncoderShape Shape, int Sequences, int Tokens)
{
    /// <summary>All rows, in the table's order.</summary>
    public static IReadOnlyList<EncodeRow> All { get; } = Rows();

    /// <summary>For example <c>bert-base encode 8x128</c>; what <c>--only</c> is compared with.</summary>
    public string Name => $"{Shape.Name} encode {Sequences}x{Tokens}";

    /// <summary>Sequences per second of a machine that does nothing but the row's multiply-adds at its limit.</summary>
    public double LimitPerSecond(MachineLimits limits) => limits.FlopsPerSecond / Shape.Flops(Tokens);

    private static EncodeRow[] Rows()
    {
        var bert = EncoderShape.Load("bert-base", "bert-base-uncased");
        return [new(bert, 1, 128), new(bert, 8, 128)];
    }
}
