using System.Globalization;
using Formwork.Compiler.Planning;

namespace Formwork.Compiler.Ops;

/// <summary>
/// What attention in a training pass does, forward and backward: <see cref="AttentionKernel"/>'s softmax(scale · q·kᵀ, what is added to it, and
/// a mask)·v, over rows instead of a cache. Queries, keys and values may be views of one buffer, so each has a stride.
/// </summary>
/// <param name="Heads">Number of query heads.</param>
/// <param name="KeyValueHeads">Number of key/value heads; query head h reads h / (heads / key/value heads).</param>
/// <param name="HeadWidth">Numbers of a query and of a key.</param>
/// <param name="ScoreScale">Factor of the scores.</param>
/// <param name="Context">The most positions of a sequence, of queries or keys.</param>
public sealed record AttentionShape(int Heads, int KeyValueHeads, int HeadWidth, double ScoreScale, int Context)
{
    private readonly int? _valueWidth;

    /// <summary>Numbers of a value.</summary>
    public int ValueWidth { get => _valueWidth ?? HeadWidth; init => _valueWidth = value; }

    /// <summary>What a token may see; with <see cref="AttentionMask.Memory"/> keys and values are another stack's rows.</summary>
    public AttentionMask Mask { get; init; }

    /// <summary>Causal: how many of the last tokens are seen, the token itself included; else half as many to each side. Null for all.</summary>
    public int? Window { get; init; }

    /// <summary>Scores s become cap·tanh(s / cap); null for no cap.</summary>
    public double? ScoreCap { get; init; }

    /// <summary>Whether each head has a score that takes a share of the softmax and gives nothing.</summary>
    public bool Sinks { get; init; }

    /// <summary>The context of the table of what distances add to scores; 0 for none.</summary>
    public int DistanceContext { get; init; }

    /// <summary>The share of the softmax's weights that are dropped; 0 for none.</summary>
    public double DropoutRate { get; init; }

    /// <summary>Floats from one row of queries to the next.</summary>
    public required int QueryStride { get; init; }

    /// <summary>Floats from one row of keys to the next.</summary>
    public required int KeyStride { get; init; }

    /// <summary>Floats from one row of values to the next.</summary>
    public required int ValueStride { get; init; }

    /// <summary>Floats from one row of the output, and of its gradient, to the next.</summary>
    public int OutputStride => Kernel.Padded(Heads * ValueWidth);

    /// <summary>Floats from one row's log-sums to the next.</summary>
    public int LogSumStride => Kernel.Padded(Heads);

    /// <summary>Query heads that share a key/value head.</summary>
    public int Group => Heads / KeyValueHeads;

    /// <summary>Whether distances add to scores.</summary>
    internal bool Distances => DistanceContext > 0;

    /// <summary>Whether weights may be dropped.</summary>
    internal bool Drops => DropoutRate > 0;

    /// <summary>How far before a query its first key is; null without a limit.</summary>
    internal int? Back => Window is not { } window ? null : Mask == AttentionMask.Causal ? window - 1 : window / 2;

    /// <summary>How far behind a query its last key is; null without a limit.</summary>
    internal int? Ahead => Mask == AttentionMask.Causal ? 0 : Window / 2;

    /// <summary>For the names of kernels: different shapes have different ones.</summary>
    internal string Name
    {
        get
        {
            string name = $"{(Mask == AttentionMask.Memory ? "Cross" : Mask == AttentionMask.Bidirectional ? "Bidirectional" : "")}Attention{Heads}Over{KeyValueHeads}Of{HeadWidth}";
            if (ValueWidth != HeadWidth)
                name += $"Values{ValueWidth}";
            if (Window is { } window)
                name += $"Window{window}";
            if (ScoreCap is { } cap)
                name += $"Capped{Part(cap)}";
            if (Sinks)
                name += "Sinks";
            if (Distances)
                name += $"Distances{DistanceContext}";
            if (Drops)
                name += $"Dropout{Part(DropoutRate)}";
            if (Math.Abs(ScoreScale - 1 / Math.Sqrt(HeadWidth)) >= 1e-12)
                name += $"Scale{Part(ScoreScale)}";
            return $"{name}Context{Context}Strides{QueryStride}And{KeyStride}And{ValueStride}";
        }
    }

    /// <summary>For formulas: the softmax's argument.</summary>
    internal string Scores
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
            return $"{scores}, {mask}{(Sinks ? ", a sink a head" : "")}";
        }
    }

    /// <summary>For formulas: how many heads of what.</summary>
    internal string HeadWords => $"{Heads} heads of {HeadWidth}{(ValueWidth == HeadWidth ? "" : $" and {ValueWidth}")} over {KeyValueHeads} key/value heads";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Part(double value) => Number(value).Replace('.', 'p').Replace("-", "m").Replace("+", "");
}
