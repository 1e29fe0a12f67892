using System.Globalization;
using Formwork.Compiler.Planning;

namespace Formwork.Compiler.Ops;

/// <summary>
/// Attention with online softmax (Milakov and Gimelshein 2018; Dao et al. 2022): scores exist for 64 positions at a time, and what was
/// summed so far is rescaled when a larger score appears. Queries go four at a time over one key/value head's cache.
/// </summary>
public sealed partial record AttentionKernel(int Heads, int KeyValueHeads, int HeadWidth, double ScoreScale) : PassKernel
{
    /// <summary>Positions whose scores exist at a time.</summary>
    public const int Block = 64;

    private readonly int _queryStride;
    private readonly int? _valueWidth;

    /// <summary>Floats from one row of queries to the next; unless said, key and value stand behind the query.</summary>
    public int QueryStride { get => _queryStride == 0 ? UsualStride : _queryStride; init => _queryStride = value; }

    /// <summary>Width of a head's value.</summary>
    public int ValueWidth { get => _valueWidth ?? HeadWidth; init => _valueWidth = value; }

    /// <summary>What a token may see.</summary>
    public AttentionMask Mask { get; init; }

    /// <summary>How many tokens a token sees at most; null for all that the mask lets it.</summary>
    public int? Window { get; init; }

    /// <summary>Scores s become cap·tanh(s / cap); null for no cap.</summary>
    public double? ScoreCap { get; init; }

    /// <summary>Whether each head has a score that takes a share of the softmax and gives nothing.</summary>
    public bool Sinks { get; init; }

    /// <summary>The context of the table of what distances add to scores; 0 for none.</summary>
    public int DistanceContext { get; init; }

    private bool Distances => DistanceContext > 0;

    private int UsualStride => Padded((Mask == AttentionMask.Memory ? Heads : Heads + 2 * KeyValueHeads) * HeadWidth);

    public override string Name
    {
        get
        {
            string name = $"{(Mask == AttentionMask.Memory ? "Cross" : Mask == AttentionMask.Bidirectional ? "Bidirectional" : "")}Attention{Heads}Over{KeyValueHeads}Of{HeadWidth}";
            if (ValueWidth != HeadWidth)
                name += $"Values{ValueWidth}";
            if (Window is { } window)
                name += $"Window{window}";
            if (ScoreCap is { } cap)
                name += $"Capped{NamePart(cap)}";
            if (Sinks)
                name += "Sinks";
            if (Distances)
                name += "Distances";
            if (QueryStride != UsualStride)
                name += $"Stride{QueryStride}";
            return Math.Abs(ScoreScale - 1 / Math.Sqrt(HeadWidth)) < 1e-12 ? name : $"{name}Scale{NamePart(ScoreScale)}";
        }
    }

    public override string Formula
    {
        get
        {
            string scores = "scale · q·kᵀ";
            if (ScoreCap is { } cap)
                scores = $"{Number(cap)} · tanh({scores} / {Number(cap)})";
            if (Distances)
                scores += " + bias[head, distance]";
            string mask = Mask switch { AttentionMask.Causal => "causal", AttentionMask.Bidirectional => "bidirectional", _ => "over the source" };
            if (Window is { } window)
                mask += Mask == AttentionMask.Causal ? $", the last {window}" : $", {window / 2} to each side";
            if (Sinks)
                mask += ", a sink a head";
            return $"y[rows, {Heads * ValueWidth}] = softmax({scores}, {mask})·v: {Heads} heads of {HeadWidth} over {KeyValueHeads} key/value heads";
        }
    }

    /// <summary>The context, padded to whole blocks.</summary>
    public static int PaddedContext(int context) => (context + Block - 1) / Block * Block;

    /// <summary>Floats a head of a table of what distances add to scores: those from −context to context, and a block that loads may reach into.</summary>
    public static int DistanceStride(int context) => 2 * context + Block;
}
