using Formwork.Compiler.Ops;
using Formwork.Compiler.Planning;

namespace Formwork.Models.Tests.Kernels.Attention;

/// <summary>Attention over a ragged batch. Query, key and value of self-attention stand in one buffer, and their gradients in another.</summary>
public sealed record AttentionCase
{
    /// <summary>What it is about.</summary>
    public required string Name { get; init; }

    /// <summary>Query heads.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>Key/value heads.</summary>
    public int KeyValueHeads { get; init; } = 2;

    /// <summary>Numbers of a query and of a key.</summary>
    public int HeadWidth { get; init; } = 16;

    /// <summary>Numbers of a value.</summary>
    public int ValueWidth { get; init; } = 16;

    /// <summary>What is seen.</summary>
    public AttentionMask Mask { get; init; }

    /// <summary>How much of it; null for all.</summary>
    public int? Window { get; init; }

    /// <summary>The scores' cap; null for none.</summary>
    public double? Cap { get; init; }

    /// <summary>Whether there are sinks.</summary>
    public bool Sinks { get; init; }

    /// <summary>What distances add; null for nothing.</summary>
    public DistanceBias? Distance { get; init; }

    /// <summary>The share of weights that is dropped.</summary>
    public double DropoutRate { get; init; }

    /// <summary>Rows of each sequence.</summary>
    public int[] Targets { get; init; } = [13, 1, 20, 4];

    /// <summary>Rows of each source sequence, where they are not the same.</summary>
    public int[] Sources { get => Mask == AttentionMask.Memory ? field ?? Targets : Targets; init; }

    /// <summary>Factor of scores.</summary>
    public double Scale => 0.7 / Math.Sqrt(HeadWidth);

    /// <summary>The most positions.</summary>
    public int Context => Math.Max(Targets.Max(), Sources.Max());

    /// <summary>Query heads that share a key/value head.</summary>
    public int Group => Heads / KeyValueHeads;

    /// <summary>Whether query, key and value share a buffer.</summary>
    public bool Fused => Mask != AttentionMask.Memory;

    /// <summary>Numbers of a row's queries.</summary>
    public int QueryNumbers => Heads * HeadWidth;

    /// <summary>Numbers of a row's keys.</summary>
    public int KeyNumbers => KeyValueHeads * HeadWidth;

    /// <summary>Numbers of a row's values.</summary>
    public int ValueNumbers => KeyValueHeads * ValueWidth;

    /// <summary>Floats from one row to the next.</summary>
    public int QueryStride => Fused ? Kernel.Padded(QueryNumbers + KeyNumbers + ValueNumbers) : Kernel.Padded(QueryNumbers);

    /// <inheritdoc cref="QueryStride"/>
    public int KeyStride => Fused ? QueryStride : Kernel.Padded(KeyNumbers + ValueNumbers);

    /// <summary>The kernels' shape.</summary>
    public AttentionShape Shape => new(Heads, KeyValueHeads, HeadWidth, Scale, Context)
    {
        ValueWidth = ValueWidth,
        Mask = Mask,
        Window = Window,
        ScoreCap = Cap,
        Sinks = Sinks,
        DistanceContext = Distance is null ? 0 : Context,
        DropoutRate = DropoutRate,
        QueryStride = QueryStride,
        KeyStride = KeyStride,
        ValueStride = KeyStride,
    };

    /// <summary>The forward kernel.</summary>
    public AttentionTrainingKernel Forward => new(Shape);

    /// <summary>The backward kernel.</summary>
    public AttentionGradientKernel Backward => new(Shape)
    {
        QueryGradientStride = QueryStride,
        KeyGradientStride = KeyStride,
        ValueGradientStride = KeyStride,
        DistanceBuckets = Distance?.Buckets ?? 0,
        DistanceMax = Distance?.MaxDistance ?? 0,
    };

    public override string ToString() => Name;
}
