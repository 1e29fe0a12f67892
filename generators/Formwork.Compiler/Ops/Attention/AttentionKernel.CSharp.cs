using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <content>The emitted C#: work items, and for each width scores, softmax and values of one or four queries.</content>
public sealed partial record AttentionKernel
{
    private const int RowBlock = 16;
    private static readonly int[] QueryCounts = [4, 1];

    public override string CallCSharp(PlanStep step) =>
        $"{step.Input!.Name}, {step.Output!.Name}, keys: {step.Cache!.Keys}, values: {step.Cache.Values}, batch";

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        EmitConstants(writer);
        EmitRun(writer);
        foreach (VectorWidth width in VectorWidth.All)
        {
            EmitRows(writer, width);
            foreach (int queries in QueryCounts)
            {
                EmitAttend(writer, width, queries);
                new AttentionFragment(HeadWidth, width, queries).EmitScores(writer);
                new AttentionFragment(HeadWidth, width, queries).EmitValues(writer);
            }
            EmitSoftmax(writer, width);
        }
    }

    private void EmitConstants(CodeWriter writer)
    {
        writer.Lines(
            $"""
            private const int Heads = {Heads};
            private const int KeyValueHeads = {KeyValueHeads};
            private const int Group = Heads / KeyValueHeads;
            private const int HeadWidth = {HeadWidth};
            private const int QueryStride = {Padded((Heads + 2 * KeyValueHeads) * HeadWidth)};
            private const int OutputStride = {Padded(Heads * HeadWidth)};
            private const int ValueStride = {Padded(HeadWidth)};
            private const float ScoreScale = {CSharpLiteral.Float(ScoreScale)};

            // Scores exist for this many positions at a time.
            private const int Block = {Block};

            """);
    }

    private static void EmitRun(CodeWriter writer)
    {
        writer.Lines(
            $$"""
            {{Optimized}}
            public static void Run(float* queryKeyValue, float* output, int keys, int values, Batch batch, Worker worker)
            {
                // An item is up to {{RowBlock}} rows of a sequence with one key/value head; workers take items in turn.
                int item = 0;
                for (int index = 0; index < batch.SequenceCount; index++)
                {
                    SequenceRows sequence = batch.Sequences[index];
                    for (int row = 0; row < sequence.Rows; row += {{RowBlock}})
                    {
                        int rows = Math.Min({{RowBlock}}, sequence.Rows - row);
                        for (int head = 0; head < KeyValueHeads; head++)
                        {
                            if (item++ % worker.Count != worker.Index)
                                continue;
                            float* query = queryKeyValue + (long)(sequence.FirstRow + row) * QueryStride + head * (Group * HeadWidth);
                            float* attended = output + (long)(sequence.FirstRow + row) * OutputStride + head * (Group * HeadWidth);
                            float* headKeys = sequence.Cache + (keys + head * HeadWidth) * (long)sequence.Capacity;
                            float* headValues = sequence.Cache + (values + head * ValueStride) * (long)sequence.Capacity;
            """);
        string branch = VectorWidth.Branch(width => $"Rows{width.Bits}(query, attended, rows, sequence.FirstPosition + row, headKeys, headValues);");
        foreach (string line in branch.Split('\n'))
            writer.Lines("                " + line);
        writer.Lines(
            """
                        }
                    }
                }
            }
            """);
    }

    private static void EmitRows(CodeWriter writer, VectorWidth width)
    {
        writer.Lines(
            $$"""

            // A query is one row with one of the heads that share these keys; position is the first row's.
            {{Optimized}}
            private static void Rows{{width.Bits}}(float* query, float* output, int rows, int position, float* keys, float* values)
            {
                float* queries = stackalloc float[4 * HeadWidth], attended = stackalloc float[4 * ValueStride], scores = stackalloc float[4 * Block];
                int* visible = stackalloc int[4];
                int index = 0, count = rows * Group;
                for (; index + 4 <= count; index += 4)
                {
                    for (int i = 0; i < 4; i++)
                        visible[i] = Take(query, index + i, position, queries + i * HeadWidth);
                    Attend{{width.Bits}}x4(queries, visible, keys, values, scores, attended);
                    for (int i = 0; i < 4; i++)
                        Give(attended + i * ValueStride, output, index + i);
                }
                for (; index < count; index++)
                {
                    visible[0] = Take(query, index, position, queries);
                    Attend{{width.Bits}}x1(queries, visible, keys, values, scores, attended);
                    Give(attended, output, index);
                }
            }
            """);
        if (width == VectorWidth.V512)
        {
            writer.Lines(
                """

                // Copies a query, scaled, and gives how many positions it sees.
                [MethodImpl(MethodImplOptions.AggressiveOptimization)]
                private static int Take(float* query, int index, int position, float* copy)
                {
                    float* source = query + (long)(index / Group) * QueryStride + index % Group * HeadWidth;
                    for (int i = 0; i < HeadWidth; i++)
                        copy[i] = source[i] * ScoreScale;
                    return position + index / Group + 1;
                }

                [MethodImpl(MethodImplOptions.AggressiveOptimization)]
                private static void Give(float* attended, float* output, int index)
                {
                    float* target = output + (long)(index / Group) * OutputStride + index % Group * HeadWidth;
                    for (int i = 0; i < HeadWidth; i++)
                        target[i] = attended[i];
                }
                """);
        }
    }

    private static void EmitAttend(CodeWriter writer, VectorWidth width, int queries)
    {
        writer.Lines(
            $$"""

            // Online softmax over blocks of positions, up to the last that any of the queries sees.
            {{Optimized}}
            private static void Attend{{width.Bits}}x{{queries}}(float* queries, int* visible, float* keys, float* values, float* scores, float* attended)
            {
                float* maxima = stackalloc float[{{queries}}], sums = stackalloc float[{{queries}}];
                for (int i = 0; i < {{queries}}; i++)
                {
                    maxima[i] = float.NegativeInfinity;
                    sums[i] = 0;
                }
                new Span<float>(attended, {{queries}} * ValueStride).Clear();
                int longest = visible[{{queries - 1}}];
                for (int start = 0; start < longest; start += Block)
                {
                    int count = Math.Min(Block, longest - start);
                    Scores{{width.Bits}}x{{queries}}(queries, keys + (long)start * HeadWidth, scores, count);
                    for (int i = 0; i < {{queries}}; i++)
                        Softmax{{width.Bits}}(scores + i * Block, Math.Min(visible[i] - start, count), count, maxima + i, sums + i, attended + i * ValueStride);
                    Values{{width.Bits}}x{{queries}}(scores, values + (long)start * ValueStride, attended, count);
                }
                for (int i = 0; i < {{queries}}; i++)
                    TensorPrimitives.Multiply(new ReadOnlySpan<float>(attended + i * ValueStride, ValueStride), 1 / sums[i], new Span<float>(attended + i * ValueStride, ValueStride));
            }
            """);
    }

    private static void EmitSoftmax(CodeWriter writer, VectorWidth width)
    {
        string v = width.Class;
        writer.Lines(
            $$"""

            // Scores become exp(score − maximum), 0 past the visible ones; a new maximum rescales what was summed.
            {{Optimized}}
            private static void Softmax{{width.Bits}}(float* scores, int visible, int count, float* maximum, float* sum, float* attended)
            {
                {{width.Type}} largest = {{v}}.Create(float.NegativeInfinity), total = {{width.Type}}.Zero;
                for (int i = 0; i < count; i += {{width.Lanes}})
                {
                    {{width.Type}} seen = {{v}}.LessThan({{v}}.CreateSequence((float)i, 1f), {{v}}.Create((float)visible));
                    {{width.Type}} masked = {{v}}.ConditionalSelect(seen, {{v}}.Load(scores + i), {{v}}.Create(float.NegativeInfinity));
                    masked.Store(scores + i);
                    largest = {{v}}.Max(largest, masked);
                }
                float before = *maximum, now = MathF.Max(before, VectorMath.Largest(largest));
                if (now == float.NegativeInfinity)
                {
                    new Span<float>(scores, count).Clear();
                    return;
                }
                for (int i = 0; i < count; i += {{width.Lanes}})
                {
                    {{width.Type}} score = {{v}}.Load(scores + i);
                    {{width.Type}} weight = {{v}}.ConditionalSelect({{v}}.Equals(score, {{v}}.Create(float.NegativeInfinity)), {{width.Type}}.Zero, VectorMath.Exp(score - {{v}}.Create(now)));
                    weight.Store(scores + i);
                    total += weight;
                }
                float rescale = 1;
                if (now != before)
                {
                    rescale = MathF.Exp(before - now);
                    for (int i = 0; i < ValueStride; i += {{width.Lanes}})
                        ({{v}}.Load(attended + i) * rescale).Store(attended + i);
                }
                *maximum = now;
                *sum = *sum * rescale + {{v}}.Sum(total);
            }
            """);
    }
}
