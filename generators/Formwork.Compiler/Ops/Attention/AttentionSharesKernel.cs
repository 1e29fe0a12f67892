using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>
/// What each head of a cross-attention gives each token of the source, written where the pass wants it: for looking at, and so without any
/// art. A pass that does not want it pays for one comparison.
/// </summary>
public sealed record AttentionSharesKernel(int Heads, int KeyValueHeads, int HeadWidth, double ScoreScale) : PassKernel
{
    /// <summary>Scores s become cap·tanh(s / cap); null for no cap.</summary>
    public double? ScoreCap { get; init; }

    /// <summary>The decoder's layer.</summary>
    public int Layer { get; init; }

    /// <summary>The layer is an argument of the call, so that all layers share a routine.</summary>
    public bool Equals(AttentionSharesKernel? other) =>
        other is not null && (Heads, KeyValueHeads, HeadWidth, ScoreScale, ScoreCap) == (other.Heads, other.KeyValueHeads, other.HeadWidth, other.ScoreScale, other.ScoreCap);

    public override int GetHashCode() => (Heads, KeyValueHeads, HeadWidth, ScoreScale, ScoreCap).GetHashCode();

    public override string Name => $"AttentionShares{Heads}Over{KeyValueHeads}Of{HeadWidth}{(ScoreCap is { } cap ? $"Capped{NamePart(cap)}" : "")}Scale{NamePart(ScoreScale)}";

    public override string Formula => $"shares[{Heads} heads, rows, source] = softmax(scale · q·kᵀ), where they are wanted";

    public override string CallCSharp(PlanStep step) => $"{step.Input!.Name}, layer: {Layer}, keys: {step.Cache!.Keys}, batch";

    public override void EmitCSharp(CodeWriter writer)
    {
        string score = ScoreCap is null ? "score * ScoreScale" : $"MathF.Tanh(score * ScoreScale / {CSharpLiteral.Float(ScoreCap.Value)}) * {CSharpLiteral.Float(ScoreCap.Value)}";
        writer.Lines(
            $$"""
            /// <summary>{{Formula}}</summary>
            private static unsafe class {{Name}}
            {
                private const int Heads = {{Heads}};
                private const int Group = {{Heads / KeyValueHeads}};
                private const int HeadWidth = {{HeadWidth}};
                private const int QueryStride = {{Padded(Heads * HeadWidth)}};
                private const float ScoreScale = {{CSharpLiteral.Float(ScoreScale)}};

                public static void Run(float* input, int layer, int keys, Batch batch, Worker worker)
                {
                    if (batch.AttentionWeights is null)
                        return;
                    SequenceRows sequence = batch.Sequences[0];
                    int padded = (sequence.MemoryRows + 63) / 64 * 64;
                    (int first, int end) = worker.Share(batch.Rows);
                    for (int head = 0; head < Heads; head++)
                    {
                        float* headKeys = sequence.Memory + (keys + head / Group * HeadWidth) * (long)sequence.MemoryCapacity;
                        for (int row = first; row < end; row++)
                        {
                            float* shares = batch.AttentionWeights + (((long)layer * Heads + head) * batch.Rows + row) * padded;
                            Row(input + (long)row * QueryStride + head * HeadWidth, headKeys, shares, sequence.MemoryRows);
                        }
                    }
                }

                private static void Row(float* query, float* keys, float* shares, int count)
                {
                    for (int j = 0; j < count; j++)
                    {
                        float score = 0;
                        float* key = keys + (long)(j / 16) * (HeadWidth * 16) + j % 16;
                        for (int i = 0; i < HeadWidth; i++)
                            score += query[i] * key[i * 16];
                        shares[j] = {{score}};
                    }
                    var span = new Span<float>(shares, count);
                    TensorPrimitives.SoftMax(span, span);
                }
            }
            """);
    }
}
