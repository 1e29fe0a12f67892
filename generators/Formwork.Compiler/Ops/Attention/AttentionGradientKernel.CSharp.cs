using Formwork.Compiler.CSharp;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <content>The emitted C#: work items, and for each width one key/value head's gradients, block by block.</content>
public sealed partial record AttentionGradientKernel
{
    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        AttentionScores.EmitConstants(writer, Shape);
        writer.Lines(
            $"""
            private const int QueryGradientStride = {QueryGradientStride};
            private const int KeyGradientStride = {KeyGradientStride};
            private const int ValueGradientStride = {ValueGradientStride};

            """);
        if (Learned)
        {
            writer.Lines(
                $"""
                // Gradients of a head's biases are summed for each distance i − j, at i − j + Positions − 1, and in the end for each bucket.
                private const int Positions = {Shape.Context};
                private const int DistanceSums = {AttentionBuffers.Distances(Shape.Context)};

                """);
        }
        EmitRun(writer);
        if (Shape.Distances)
            AttentionScores.EmitBiases(writer);
        if (Learned)
            EmitTable(writer);
        if (Shape.Sinks)
            EmitSink(writer);
        foreach (VectorWidth width in VectorWidth.All)
        {
            EmitHead(writer, width);
            EmitFlow(writer, width);
            EmitDeltas(writer, width);
            EmitRows(writer, width);
            new AttentionProducts(Shape, width).Emit(writer, backward: true);
        }
    }

    private void EmitRows(CodeWriter writer, VectorWidth width)
    {
        AttentionRows.EmitTake(writer, width, "TakeKeys", Shape.HeadWidth, Shape.KeyStride, "ScoreScale");
        AttentionRows.EmitTake(writer, width, "TakeValues", Shape.ValueWidth, Shape.ValueStride, null);
        AttentionRows.EmitTake(writer, width, "TakeQueries", Shape.HeadWidth, Shape.QueryStride, null);
        AttentionRows.EmitTake(writer, width, "TakeOutputGradient", Shape.ValueWidth, Shape.OutputStride, null);
        AttentionRows.EmitGive(writer, width, "GiveQueryGradient", Shape.HeadWidth, QueryGradientStride, null);
        AttentionRows.EmitGive(writer, width, "GiveKeyGradient", Shape.HeadWidth, KeyGradientStride, "ScoreScale");
        AttentionRows.EmitGive(writer, width, "GiveValueGradient", Shape.ValueWidth, ValueGradientStride, null);
    }

    private string Dropping => Shape.Drops ? ", uint dropoutKey, bool dropping" : "";

    private string Inputs =>
        $"float* query, float* key, float* value{(Shape.Sinks ? ", float* sinks" : "")}{(Shape.Distances ? ", float* distances" : "")}, float* output, float* logSums, float* outputGradient, float* queryGradient, float* keyGradient, float* valueGradient{(Shape.Sinks ? ", float* sinkGradient" : "")}";

    private void EmitRun(CodeWriter writer)
    {
        writer.Lines(
            $$"""
            {{Optimized}}
            public static void Run({{Inputs}}{{(Learned ? ", float* tableGradient" : "")}}, TrainingRows queries, TrainingRows keys{{Dropping}}, float* shared, float* scratch, Worker worker)
            {
            """);
        string more = $"{(Shape.Sinks ? ", sinks" : "")}{(Shape.Distances ? ", distances" : "")}";
        string call = $"Item(query, key, value{more}, output, logSums, outputGradient, queryGradient, keyGradient, valueGradient{(Shape.Sinks ? ", sinkGradient" : "")}, "
            + $"queries.Sequences[index], keys.Sequences[index], head{(Shape.Drops ? ", dropoutKey, dropping" : "")}, scratch);";
        if (ByHead)
        {
            string clear = Learned ? $"\n        new Span<float>(scratch + {DistanceSumsStart}, Group * DistanceSums).Clear();" : "";
            string sum = Learned ? $"\n        SumBuckets(scratch + {DistanceSumsStart}, tableGradient + head * Group);" : "";
            writer.Lines(
                $$"""
                    // There are sums over all rows: a worker takes a key/value head of all sequences, so that the order is always the same.
                    for (int head = worker.Index; head < KeyValueHeads; head += worker.Count)
                    {{{clear}}
                        for (int index = 0; index < queries.SequenceCount; index++)
                            {{call}}{{sum}}
                    }
                }
                """);
        }
        else
        {
            writer.Lines(
                $$"""
                    // An item is a sequence with one key/value head; workers take items in turn.
                    for (int item = worker.Index; item < queries.SequenceCount * KeyValueHeads; item += worker.Count)
                    {
                        int index = item / KeyValueHeads, head = item % KeyValueHeads;
                        {{call}}
                    }
                }
                """);
        }
        EmitItem(writer);
    }

    private long DistanceSumsStart => Buffers.Floats - (Shape.Group * AttentionBuffers.Distances(Shape.Context) + 15) / 16 * 16;

    private void EmitItem(CodeWriter writer)
    {
        string sinks = Shape.Sinks ? "\n    sinks += head * Group;\n    sinkGradient += head * Group;" : "";
        string distances = Shape.Distances ? "\n    distances += (long)head * Group * DistanceStride;" : "", place = Shape.Drops ? ", ((uint)target.FirstRow * Heads + (uint)(head * Group)) * Context" : "";
        writer.Lines(
            $$"""

            {{Optimized}}
            private static void Item({{Inputs}}, TrainingSequence target, TrainingSequence source, int head{{Dropping}}, float* scratch)
            {
                query += (long)target.FirstRow * QueryStride + head * (Group * HeadWidth);
                key += (long)source.FirstRow * KeyStride + head * HeadWidth;
                value += (long)source.FirstRow * ValueStride + head * ValueWidth;{{sinks}}{{distances}}
                output += (long)target.FirstRow * OutputStride + head * (Group * ValueWidth);
                logSums += (long)target.FirstRow * LogSumStride + head * Group;
                outputGradient += (long)target.FirstRow * OutputStride + head * (Group * ValueWidth);
                queryGradient += (long)target.FirstRow * QueryGradientStride + head * (Group * HeadWidth);
                keyGradient += (long)source.FirstRow * KeyGradientStride + head * HeadWidth;
                valueGradient += (long)source.FirstRow * ValueGradientStride + head * ValueWidth;
            """);
        string names = string.Join(", ", Inputs.Split(',').Select(input => input.Trim().Split(' ')[1]));
        writer.Lines("    " + VectorWidth.Branch(width => $"Head{width.Bits}({names}, target.Rows, source.Rows{(Shape.Drops ? ", dropoutKey, dropping" : "")}{place}, scratch);").Replace("\n", "\n    "));
        writer.Lines("}");
    }

    private void EmitHead(CodeWriter writer, VectorWidth width)
    {
        int bits = width.Bits, row = Padded(Shape.HeadWidth), valueRow = Padded(Shape.ValueWidth);
        var scores = new AttentionScores(Shape, width);
        string biases = Shape.Distances ? "\n        TakeBiases(distances, queries, positions, biases);" : "", next = $"{(Shape.Distances ? ", distances += DistanceStride" : "")}{(Shape.Drops ? ", place += Context" : "")}";
        string sink = Shape.Sinks ? "\n            sinkGradient[head] -= SinkFlow(sinks[head], logs, deltas, count);" : "", sums = Learned ? ", distanceSums + head * DistanceSums + Positions - 1 + shift" : "";
        string first = AttentionProducts.First(Shape.Back, "row", "Back");
        writer.Lines(
            $$"""

            // The gradients of a key/value head in a sequence, and of the queries of the heads that share it.
            {{Optimized}}
            private static void Head{{bits}}({{Inputs}}, int queries, int positions{{Dropping}}{{(Shape.Drops ? ", uint place" : "")}}, float* scratch)
            {
                {{Buffers.Declarations}}
                TakeKeys{{bits}}(key, positions, keyRows);
                TakeValues{{bits}}(value, positions, valueRows);
                new Span<float>(keySums, (positions + 3 & ~3) * {{row}}).Clear();
                new Span<float>(valueSums, (positions + 3 & ~3) * {{valueRow}}).Clear();
                for (int head = 0; head < Group; head++{{next}})
                {{{biases}}
                    for (int row = 0; row < queries; row += QueryBlock)
                    {
                        int count = Math.Min(QueryBlock, queries - row), begin = {{(first == "0" ? first : first + " & ~3")}}, end = {{AttentionProducts.End(Shape.Ahead, "positions", "row + count - 1", "Ahead")}};
                        TakeQueries{{bits}}(query + (long)row * QueryStride + head * HeadWidth, count, queryRows);
                        TakeOutputGradient{{bits}}(outputGradient + (long)row * OutputStride + head * ValueWidth, count, outputRows);
                        Panels.Pack(queryRows, {{row}}, count, HeadWidth, queryPanels);
                        Panels.Pack(outputRows, {{valueRow}}, count, ValueWidth, outputPanels);
                        Deltas{{bits}}(outputRows, output + (long)row * OutputStride + head * ValueWidth, logSums + (long)row * LogSumStride + head, deltas, logs, count);{{sink}}
                        new Span<float>(querySums, (count + 3 & ~3) * {{row}}).Clear();
                        for (int start = begin; start < end; start += PositionBlock)
                        {
                            int block = Math.Min(PositionBlock, end - start), shift = row - start;
                            Dots{{Shape.HeadWidth}}Of{{bits}}(keyRows + (long)start * {{row}}, queryPanels, scores, count, block, shift);
                            Dots{{Shape.ValueWidth}}Of{{bits}}(valueRows + (long)start * {{valueRow}}, outputPanels, products, count, block, shift);
                            Flow{{bits}}(scores, products, logs, deltas, count, block, shift{{scores.Arguments}}{{sums}});
                            Spread{{Shape.ValueWidth}}Of{{bits}}(scores, outputRows, valueSums + (long)start * {{valueRow}}, count, block, shift);
                            Spread{{Shape.HeadWidth}}Of{{bits}}(products, queryRows, keySums + (long)start * {{row}}, count, block, shift);
                            Gather{{Shape.HeadWidth}}Of{{bits}}(products, keyRows + (long)start * {{row}}, querySums, count, block, shift);
                        }
                        GiveQueryGradient{{bits}}(querySums, count, queryGradient + (long)row * QueryGradientStride + head * HeadWidth);
                    }
                }
                GiveKeyGradient{{bits}}(keySums, positions, keyGradient);
                GiveValueGradient{{bits}}(valueSums, positions, valueGradient);
            }
            """);
    }

    private void EmitFlow(CodeWriter writer, VectorWidth width)
    {
        var scores = new AttentionScores(Shape, width);
        string v = width.Class, t = width.Type, load = $"{v}.Load(score + p * QueryBlock)", product = $"{v}.Load(product + p * QueryBlock)";
        string tanh = Shape.ScoreCap is null ? "" : $"{t} tanh = VectorMath.Tanh({load} * (1 / ScoreCap));\n            ";
        string weight = $"VectorMath.Exp({scores.Biased(Shape.ScoreCap is null ? load : "tanh * ScoreCap")} - log)";
        if (scores.Masked)
            weight = $"{v}.ConditionalSelect({scores.Seen}, {weight}, {t}.Zero)";
        string drop = Shape.Drops
            ? $$"""

                            {{t}} kept = weight;
                            if (dropping)
                            {
                                {{t}} keep = {{v}}.ConditionalSelect({{scores.IsKept}}, {{v}}.Create(Kept), {{t}}.Zero);
                                kept *= keep;
                                flow *= keep;
                            }
                """
            : "";
        string sum = Learned ? $"\n            ({v}.Load(sums + lane - p) + (flow & real)).Store(sums + lane - p);" : "";
        string capped = Shape.ScoreCap is null ? "" : $"\n            flow *= {t}.One - tanh * tanh;";
        string real = Learned ? $"\n        {t} real = {v}.LessThan({v}.CreateSequence(lane, 1), {v}.Create(queries)).AsSingle();" : "";
        writer.Lines(
            $$"""

            // Scores become the weights of the values, and their products with the output's gradient what flows back to the scores.
            {{Optimized}}
            private static void Flow{{width.Bits}}(float* scores, float* products, float* logs, float* deltas, int queries, int positions, int shift{{scores.Parameters}}{{(Learned ? ", float* sums" : "")}})
            {
                for (int lane = 0; lane < queries; lane += {{width.Lanes}})
                {
                    float* score = scores + lane, product = products + lane;
                    {{scores.Scope.Replace("\n", "\n        ")}}{{real}}
                    {{t}} log = {{v}}.Load(logs + lane), delta = {{v}}.Load(deltas + lane);
                    Clear{{width.Bits}}(score, product, 0, first);
                    for (int p = first; p < end; p++)
                    {
                        {{tanh}}{{t}} weight = {{weight}}, flow = {{product}};{{drop}}
                        flow = weight * (flow - delta);{{sum}}{{capped}}
                        {{(Shape.Drops ? "kept" : "weight")}}.Store(score + p * QueryBlock);
                        flow.Store(product + p * QueryBlock);
                    }
                    Clear{{width.Bits}}(score, product, end, positions + 3 & ~3);
                }
            }

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            private static void Clear{{width.Bits}}(float* score, float* product, int first, int end)
            {
                for (int p = first; p < end; p++)
                {
                    {{t}}.Zero.Store(score + p * QueryBlock);
                    {{t}}.Zero.Store(product + p * QueryBlock);
                }
            }
            """);
    }

    private void EmitDeltas(CodeWriter writer, VectorWidth width)
    {
        string v = width.Class;
        int row = Padded(Shape.ValueWidth), whole = Shape.ValueWidth / width.Lanes * width.Lanes;
        string tail = whole == Shape.ValueWidth ? "" : $"\n        for (int i = {whole}; i < {Shape.ValueWidth}; i++)\n            delta += gradient[i] * output[i];";
        string body = whole == 0
            ? "float delta = 0;"
            : $"""
                {width.Type} total = {width.Type}.Zero;
                        for (int i = 0; i < {whole}; i += {width.Lanes})
                            total += {v}.Load(gradient + i) * {v}.Load(output + i);
                        float delta = {v}.Sum(total);
                """;
        writer.Lines(
            $$"""

            // deltas[query] = Σ gradient ∘ output, of a row.
            {{Optimized}}
            private static void Deltas{{width.Bits}}(float* gradient, float* output, float* logSums, float* deltas, float* logs, int count)
            {
                for (int row = 0; row < count; row++, gradient += {{row}}, output += OutputStride, logSums += LogSumStride)
                {
                    {{body}}{{tail}}
                    deltas[row] = delta;
                    logs[row] = *logSums;
                }
            }
            """);
    }

    private static void EmitSink(CodeWriter writer) =>
        writer.Lines(
            """

            // A sink has a weight but no value: what flows to its score is −weight · delta.
            private static float SinkFlow(float sink, float* logs, float* deltas, int count)
            {
                double sum = 0;
                for (int i = 0; i < count; i++)
                    sum += Math.Exp((double)sink - logs[i]) * deltas[i];
                return (float)sum;
            }
            """);

    private void EmitTable(CodeWriter writer) =>
        writer.Lines(
            $$"""

            private static void SumBuckets(float* distanceSums, float* tableGradient)
            {
                for (int distance = 1 - Positions; distance < Positions; distance++)
                {
                    int bucket = PositionTables.DistanceBucket(distance, {{DistanceBuckets}}, {{DistanceMax}}, {{CSharpLiteral.Boolean(Shape.Mask != AttentionMask.Causal)}});
                    for (int head = 0; head < Group; head++)
                        tableGradient[bucket * {{Shape.LogSumStride}} + head] += distanceSums[head * DistanceSums + Positions - 1 - distance];
                }
            }
            """);
}
