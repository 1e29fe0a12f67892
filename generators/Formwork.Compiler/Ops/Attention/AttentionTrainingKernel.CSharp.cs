using Formwork.Compiler.CSharp;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <content>The emitted C#: work items, and for each width one head's queries, block by block.</content>
public sealed partial record AttentionTrainingKernel
{
    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        AttentionScores.EmitConstants(writer, Shape);
        EmitRun(writer);
        if (Shape.Distances)
            AttentionScores.EmitBiases(writer);
        foreach (VectorWidth width in VectorWidth.All)
        {
            EmitAttend(writer, width);
            EmitSoftmax(writer, width);
            EmitFinish(writer, width);
            AttentionRows.EmitTake(writer, width, "TakeKeys", Shape.HeadWidth, Shape.KeyStride, "ScoreScale");
            AttentionRows.EmitTake(writer, width, "TakeValues", Shape.ValueWidth, Shape.ValueStride, null);
            AttentionRows.EmitGive(writer, width, "GiveOutput", Shape.ValueWidth, Shape.OutputStride, null, factors: true);
            new AttentionProducts(Shape, width).Emit(writer, backward: false);
        }
    }

    private string Operands => $"{(Shape.Sinks ? ", float* sinks" : "")}{(Shape.Distances ? ", float* distances" : "")}";

    private string Dropping => Shape.Drops ? ", uint dropoutKey, bool dropping" : "";

    private void EmitRun(CodeWriter writer)
    {
        string more = $"{(Shape.Sinks ? ", sinks + head * Group" : "")}{(Shape.Distances ? ", distances + (long)head * Group * DistanceStride" : "")}";
        string dropping = Shape.Drops ? ", dropoutKey, dropping, ((uint)target.FirstRow * Heads + (uint)(head * Group)) * Context" : "";
        writer.Lines(
            $$"""
            // logSums[row, head] = log Σ exp(score).
            {{Optimized}}
            public static void Run(float* query, float* key, float* value{{Operands}}, float* output, float* logSums, TrainingRows queries, TrainingRows keys{{Dropping}}, float* scratch, Worker worker)
            {
                // An item is a sequence with one key/value head; workers take items in turn.
                for (int item = worker.Index; item < queries.SequenceCount * KeyValueHeads; item += worker.Count)
                {
                    int head = item % KeyValueHeads;
                    TrainingSequence target = queries.Sequences[item / KeyValueHeads], source = keys.Sequences[item / KeyValueHeads];
                    float* q = query + (long)target.FirstRow * QueryStride + head * (Group * HeadWidth);
                    float* k = key + (long)source.FirstRow * KeyStride + head * HeadWidth, v = value + (long)source.FirstRow * ValueStride + head * ValueWidth;
                    float* attended = output + (long)target.FirstRow * OutputStride + head * (Group * ValueWidth), logs = logSums + (long)target.FirstRow * LogSumStride + head * Group;
            """);
        string branch = VectorWidth.Branch(width => $"Attend{width.Bits}(q, k, v{more}, attended, logs, target.Rows, source.Rows{dropping}, scratch);");
        writer.Lines("        " + branch.Replace("\n", "\n        "));
        writer.Lines(
            """
                }
            }
            """);
    }

    private void EmitAttend(CodeWriter writer, VectorWidth width)
    {
        int bits = width.Bits;
        var scores = new AttentionScores(Shape, width);
        string biases = Shape.Distances ? "\n    TakeBiases(distances, queries, positions, biases);" : "", nextPlace = Shape.Drops ? ", place += Context" : "";
        string nextBias = Shape.Distances ? ", distances += DistanceStride" : "", first = AttentionProducts.First(Shape.Back, "row", "Back");
        writer.Lines(
            $$"""

            // The queries of the heads that share a key/value head, over a sequence's positions.
            {{Optimized}}
            private static void Attend{{bits}}(float* query, float* key, float* value{{Operands}}, float* output, float* logSums, int queries, int positions{{Dropping}}{{(Shape.Drops ? ", uint place" : "")}}, float* scratch)
            {
                {{Buffers.Declarations}}
                TakeKeys{{bits}}(key, positions, keyRows);
                TakeValues{{bits}}(value, positions, valueRows);
                for (int head = 0; head < Group; head++{{nextBias}}{{nextPlace}})
                {{{biases.Replace("\n", "\n    ")}}
                    for (int row = 0; row < queries; row += QueryBlock)
                    {
                        int count = Math.Min(QueryBlock, queries - row), begin = {{(first == "0" ? first : first + " & ~3")}}, end = {{AttentionProducts.End(Shape.Ahead, "positions", "row + count - 1", "Ahead")}};
                        Panels.Pack(query + (long)row * QueryStride + head * HeadWidth, QueryStride, count, HeadWidth, queryPanels);
                        new Span<float>(attended, count * {{Padded(Shape.ValueWidth)}}).Clear();
                        new Span<float>(maxima, QueryBlock).Fill({{(Shape.Sinks ? "sinks[head]" : "-1e30f")}});
                        new Span<float>(sums, QueryBlock).Fill({{(Shape.Sinks ? "1" : "0")}});
                        for (int start = begin; start < end; start += PositionBlock)
                        {
                            int block = Math.Min(PositionBlock, end - start), shift = row - start;
                            Dots{{Shape.HeadWidth}}Of{{bits}}(keyRows + (long)start * {{Padded(Shape.HeadWidth)}}, queryPanels, scores, count, block, shift);
                            Softmax{{bits}}(scores, maxima, sums, factors, count, block, shift{{scores.Arguments}});
                            if (start != begin)
                                Rescale{{bits}}(attended, factors, count);
                            Gather{{Shape.ValueWidth}}Of{{bits}}(scores, valueRows + (long)start * {{Padded(Shape.ValueWidth)}}, attended, count, block, shift);
                        }
                        Finish{{bits}}(maxima, sums, factors, logSums + (long)row * LogSumStride + head, count);
                        GiveOutput{{bits}}(attended, factors, count, output + (long)row * OutputStride + head * ValueWidth);
                    }
                }
            }
            """);
    }

    private void EmitSoftmax(CodeWriter writer, VectorWidth width)
    {
        var scores = new AttentionScores(Shape, width);
        string v = width.Class, t = width.Type, at = "column + p * QueryBlock", load = $"{v}.Load({at})";
        string score = scores.Biased(Shape.ScoreCap is null ? load : $"VectorMath.Tanh({load} * (1 / ScoreCap)) * ScoreCap");
        string store = score == load ? "" : $"\n            score.Store({at});";
        string candidate = scores.Masked ? $"{v}.ConditionalSelect({scores.Seen}, score, before)" : "score";
        string weight = $"VectorMath.Exp({load} - now)";
        if (scores.Masked)
            weight = $"{v}.ConditionalSelect({scores.Seen}, {weight}, {t}.Zero)";
        string drop = Shape.Drops ? $"\n            if (dropping)\n                weight = {v}.ConditionalSelect({scores.IsKept}, weight * Kept, {t}.Zero);" : "";
        writer.Lines(
            $$"""

            // Scores become exp(score − maximum), 0 where a query does not see the position; a new maximum rescales what was summed.
            {{Optimized}}
            private static void Softmax{{width.Bits}}(float* scores, float* maxima, float* sums, float* factors, int queries, int positions, int shift{{scores.Parameters}})
            {
                for (int lane = 0; lane < queries; lane += {{width.Lanes}})
                {
                    float* column = scores + lane;
                    {{scores.Scope.Replace("\n", "\n        ")}}
                    {{t}} before = {{v}}.Load(maxima + lane), now = before, total = {{t}}.Zero;
                    for (int p = first; p < end; p++)
                    {
                        {{t}} score = {{score}};{{store}}
                        now = {{v}}.MaxNative(now, {{candidate}});
                    }
                    for (int p = 0; p < first; p++)
                        {{t}}.Zero.Store({{at}});
                    for (int p = first; p < end; p++)
                    {
                        {{t}} weight = {{weight}};
                        total += weight;{{drop}}
                        weight.Store({{at}});
                    }
                    for (int p = end; p < (positions + 3 & ~3); p++)
                        {{t}}.Zero.Store({{at}});
                    {{t}} factor = VectorMath.Exp(before - now);
                    factor.Store(factors + lane);
                    ({{v}}.Load(sums + lane) * factor + total).Store(sums + lane);
                    now.Store(maxima + lane);
                }
            }
            """);
    }

    private void EmitFinish(CodeWriter writer, VectorWidth width)
    {
        string v = width.Class;
        int row = Padded(Shape.ValueWidth);
        writer.Lines(
            $$"""

            {{Optimized}}
            private static void Rescale{{width.Bits}}(float* attended, float* factors, int queries)
            {
                for (int query = 0; query < queries; query++, attended += {{row}})
                {
                    float factor = factors[query];
                    if (factor == 1)
                        continue;
                    for (int i = 0; i < {{row}}; i += {{width.Lanes}})
                        ({{v}}.Load(attended + i) * factor).Store(attended + i);
                }
            }

            // Factors become 1 / sum.
            {{Optimized}}
            private static void Finish{{width.Bits}}(float* maxima, float* sums, float* factors, float* logSums, int queries)
            {
                for (int lane = 0; lane < queries; lane += {{width.Lanes}})
                {
                    {{width.Type}} sum = {{v}}.Load(sums + lane);
                    ({{v}}.Load(maxima + lane) + {{v}}.Log(sum)).Store(maxima + lane);
                    ({{width.Type}}.One / sum).Store(factors + lane);
                }
                for (int query = 0; query < queries; query++)
                    logSums[query * LogSumStride] = maxima[query];
            }
            """);
    }
}
