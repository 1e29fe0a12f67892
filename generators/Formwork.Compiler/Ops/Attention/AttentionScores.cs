using Formwork.Compiler.CSharp;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>What forward and backward pass have in common when they turn scores into weights: constants, and expressions for some queries with a position <c>p</c>.</summary>
internal sealed class AttentionScores(AttentionShape shape, VectorWidth width)
{
    private readonly string _v = width.Class;

    /// <summary>Whether some queries do not see all positions.</summary>
    public bool Masked => shape.Back is not null || shape.Ahead is not null;

    /// <summary>Writes the constants.</summary>
    public static void EmitConstants(CodeWriter writer, AttentionShape shape)
    {
        writer.Lines(
            $"""
            private const int Heads = {shape.Heads};
            private const int KeyValueHeads = {shape.KeyValueHeads};
            private const int Group = Heads / KeyValueHeads;
            private const int HeadWidth = {shape.HeadWidth};
            private const int ValueWidth = {shape.ValueWidth};
            private const int QueryStride = {shape.QueryStride};
            private const int KeyStride = {shape.KeyStride};
            private const int ValueStride = {shape.ValueStride};
            private const int OutputStride = {shape.OutputStride};
            private const int LogSumStride = {shape.LogSumStride};
            private const float ScoreScale = {CSharpLiteral.Float(shape.ScoreScale)};
            """);
        if (shape.ScoreCap is { } cap)
            writer.Lines($"private const float ScoreCap = {CSharpLiteral.Float(cap)};");
        if (shape.Distances)
        {
            writer.Lines(
                $"""

                // What a distance adds to a score lies at distance + DistanceContext.
                private const int DistanceContext = {shape.DistanceContext};
                private const int DistanceStride = {AttentionKernel.DistanceStride(shape.DistanceContext)};
                """);
        }
        if (shape.Drops)
        {
            writer.Lines(
                $"""

                // A weight's place among all of a batch is (row · Heads + head) · Context + position. Kept ones are divided by their share.
                private const uint Context = {shape.Context};
                private const uint DropoutThreshold = {(uint)Math.Min(shape.DropoutRate * 4294967296.0, uint.MaxValue)};
                private const float Kept = {CSharpLiteral.Float(1 / (1 - shape.DropoutRate))};
                """);
        }
        if (shape.Back is not null || shape.Ahead is not null)
        {
            writer.Line();
            writer.Lines("// How far a query sees before and behind itself.");
        }
        if (shape.Back is { } back)
            writer.Lines($"private const int Back = {back};");
        if (shape.Ahead is { } ahead)
            writer.Lines($"private const int Ahead = {ahead};");
        writer.Lines(
            $"""

            // Scores exist for this many queries and positions at a time.
            private const int QueryBlock = {AttentionTrainingKernel.QueryBlock};
            private const int PositionBlock = {AttentionTrainingKernel.PositionBlock};

            """);
    }

    /// <summary>Writes the method that brings one head's distance biases into the order in which queries along a vector need them.</summary>
    public static void EmitBiases(CodeWriter writer)
    {
        writer.Lines(
            """

            // biases[i − j + positions − 1] is what query i adds to its score with j.
            private static void TakeBiases(float* distances, int queries, int positions, float* biases)
            {
                int count = queries + positions - 1;
                var span = new Span<float>(biases, count);
                new ReadOnlySpan<float>(distances + DistanceContext + 1 - queries, count).CopyTo(span);
                span.Reverse();
            }
            """);
    }

    /// <summary>Parameters that the softmax of a block has beside its scores.</summary>
    public string Parameters => $"{(shape.Distances ? ", float* bias" : "")}{(shape.Drops ? ", uint dropoutKey, bool dropping, uint place" : "")}";

    /// <summary>What is passed for them: the block's first query and position are <c>row</c> and <c>start</c>.</summary>
    public string Arguments =>
        $"{(shape.Distances ? ", biases + positions - 1 + shift" : "")}{(shape.Drops ? ", dropoutKey, dropping, place + (uint)row * (Heads * Context) + (uint)start" : "")}";

    /// <summary>The range of positions that some of a vector of queries see, and what each sees.</summary>
    public string Scope
    {
        get
        {
            string first = AttentionProducts.First(shape.Back, "lane + shift", "Back"), end = AttentionProducts.End(shape.Ahead, "positions", $"lane + shift + {width.Lanes - 1}", "Ahead");
            var lines = new List<string> { $"int first = {(first == "0" ? first : $"Math.Min(positions, {first})")}, end = {(end == "positions" ? end : $"Math.Max(first, {end})")};" };
            if (shape.Back is not null)
                lines.Add($"{_v}<int> earliest = {_v}.CreateSequence(lane + shift - Back, 1);");
            if (shape.Ahead is not null)
                lines.Add($"{_v}<int> latest = {_v}.CreateSequence(lane + shift + Ahead, 1);");
            if (shape.Drops)
                lines.Add($"{_v}<uint> places = {_v}.CreateSequence(place + (uint)lane * (Heads * Context), Heads * Context);");
            return string.Join("\n", lines);
        }
    }

    /// <summary>A vector of truth: whether each query sees the position.</summary>
    public string Seen
    {
        get
        {
            string before = $"{_v}.GreaterThanOrEqual({_v}.Create(p), earliest)", behind = $"{_v}.LessThanOrEqual({_v}.Create(p), latest)";
            string both = shape.Back is null ? behind : shape.Ahead is null ? before : $"({before} & {behind})";
            return $"{both}.AsSingle()";
        }
    }

    /// <summary>A vector of truth: whether each weight is kept.</summary>
    public string IsKept => $"{_v}.GreaterThanOrEqual(DropoutMask.Mix(dropoutKey, places + {_v}.Create((uint)p)), {_v}.Create(DropoutThreshold)).AsSingle()";

    /// <summary>What the distance adds.</summary>
    public string Biased(string score) => shape.Distances ? $"{score} + {_v}.Load(bias + lane - p)" : score;
}
