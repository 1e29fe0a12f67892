using System.Globalization;
using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>
/// For each head: softmax(scale · q·kᵀ, what is added to it, and a mask)·v (Vaswani et al. 2017, section 3.2), query head h reading
/// key/value head h / (heads / key/value heads). Causal: a token sees itself and earlier ones. Keys and values of other rows than the
/// queries' are a source's (cross-attention). Inputs: q <c>[tokens, heads · head width]</c>, k <c>[rows, key/value heads · head width]</c>,
/// v <c>[rows, key/value heads · value width]</c>; then, where there are sinks, their scores <c>[heads]</c>; then, with relative positions,
/// the table <c>[buckets, heads]</c>.
/// </summary>
public sealed record Attention(int Heads, int KeyValueHeads, int HeadWidth, double ScoreScale, bool Causal) : ForwardOperation
{
    private readonly int? _valueWidth;

    /// <summary>Width of a head's value; the head's unless said.</summary>
    public int ValueWidth { get => _valueWidth ?? HeadWidth; init => _valueWidth = value; }

    /// <summary>Causal: how many of the last tokens are seen, the token itself included; bidirectional: half as many to each side. Null for all.</summary>
    public int? Window { get; init; }

    /// <summary>Scores s, before anything is added, become cap·tanh(s / cap); null for no cap.</summary>
    public double? ScoreCap { get; init; }

    /// <summary>Whether each head has a score of its own that takes a share of the softmax and gives nothing.</summary>
    public bool Sinks { get; init; }

    /// <summary>What the distance of key and query adds to scores.</summary>
    public DistanceBias? Distance { get; init; }

    /// <summary>While training, the share of the softmax's weights that are dropped; 0 for none. See <see cref="Ops.Dropout"/>.</summary>
    public double DropoutRate { get; init; }

    /// <summary>The number of its dropout.</summary>
    public int DropoutSite { get; init; }

    /// <summary>The input with the sinks' scores; only with <see cref="Sinks"/>.</summary>
    public const int SinksInput = 3;

    /// <summary>The input with the table of relative positions.</summary>
    public int TableInput => Sinks ? 4 : 3;

    public override string Word => "attention";

    public override string Detail
    {
        get
        {
            string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
            string detail = $"{Heads} heads of {HeadWidth} over {KeyValueHeads}, scale {Number(ScoreScale)}, {(Causal ? "causal" : "bidirectional")}";
            if (ValueWidth != HeadWidth)
                detail += $", values of {ValueWidth}";
            if (Window is { } window)
                detail += $", window {window}";
            if (ScoreCap is { } cap)
                detail += $", cap {Number(cap)}";
            if (Sinks)
                detail += ", sinks";
            if (DropoutRate > 0)
                detail += $", dropout {Number(DropoutRate)}, site {DropoutSite}";
            return Distance is { } distance ? $"{detail}, {distance.Detail}" : detail;
        }
    }

    public override Shape InferShape(ShapeRule rule)
    {
        bool relative = Distance is { Buckets: > 0 };
        rule.Count(3 + (Sinks ? 1 : 0) + (relative ? 1 : 0));
        Dimension rows = rule.Inputs[0].Dimensions[0], sourceRows = rule.Inputs[1].Dimensions[0];
        rule.Input(0, Shape.Of(rows, Heads * HeadWidth));
        rule.Input(1, Shape.Of(sourceRows, KeyValueHeads * HeadWidth));
        rule.Input(2, Shape.Of(sourceRows, KeyValueHeads * ValueWidth));
        rule.Require(Heads % KeyValueHeads == 0, $"key/value heads that divide {Heads}", $"{KeyValueHeads}");
        rule.Require(rows == sourceRows || !Causal, "keys of its own rows where it is causal", $"{rule.Inputs[1]}");
        if (Sinks)
            rule.Input(SinksInput, Shape.Of(Heads));
        if (relative)
            rule.Input(TableInput, Shape.Of(Distance!.Buckets, Heads));
        return Shape.Of(rows, Heads * ValueWidth);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
