using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <content>The emitted C#: work items, and for each width scores, softmax and values of one or four queries.</content>
public sealed partial record AttentionKernel
{
    private const int RowBlock = 16;
    private static readonly int[] QueryCounts = [4, 1];

    public override string CallCSharp(PlanStep step)
    {
        string sinks = Sinks ? $"Weights + {Names.CSharp(step.Weights[0].Path)}, " : "", distances = Distances ? $"Tables + {step.Table!.Offset}, " : "";
        return $"{step.Input!.Name}, {step.Output!.Name}, {sinks}{distances}keys: {step.Cache!.Keys}, values: {step.Cache.Values}, batch";
    }

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
                new AttentionFragment(ValueWidth, width, queries).EmitValues(writer);
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
            private const int ValueWidth = {ValueWidth};
            private const int QueryStride = {QueryStride};
            private const int OutputStride = {Padded(Heads * ValueWidth)};
            private const int ValueStride = {Padded(ValueWidth)};
            private const float ScoreScale = {CSharpLiteral.Float(ScoreScale)};
            """);
        if (ScoreCap is { } cap)
            writer.Lines($"private const float ScoreCap = {CSharpLiteral.Float(cap)};");
        if (Distances)
        {
            writer.Lines(
                $"""

                // What a distance adds to a score lies at distance + DistanceContext.
                private const int DistanceContext = {DistanceContext};
                private const int DistanceStride = {DistanceStride(DistanceContext)};
                """);
        }
        writer.Lines(
            $"""

            // Scores exist for this many positions at a time.
            private const int Block = {Block};

            """);
    }

    private void EmitRun(CodeWriter writer)
    {
        bool memory = Mask == AttentionMask.Memory;
        (string cache, string capacity) = memory ? ("Memory", "MemoryCapacity") : ("Cache", "Capacity");
        string operands = $"{(Sinks ? "float* sinks, " : "")}{(Distances ? "float* distances, " : "")}";
        writer.Lines(
            $$"""
            {{Optimized}}
            public static void Run(float* input, float* output, {{operands}}int keys, int values, Batch batch, Worker worker)
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
                            float* query = input + (long)(sequence.FirstRow + row) * QueryStride + head * (Group * HeadWidth);
                            float* attended = output + (long)(sequence.FirstRow + row) * OutputStride + head * (Group * ValueWidth);
                            float* headKeys = sequence.{{cache}} + (keys + head * HeadWidth) * (long)sequence.{{capacity}};
                            float* headValues = sequence.{{cache}} + (values + head * ValueStride) * (long)sequence.{{capacity}};
            """);
        string length = Mask switch { AttentionMask.Causal => "", AttentionMask.Bidirectional => ", sequence.Rows", _ => ", sequence.MemoryRows" };
        string more = $"{(Sinks ? ", sinks + head * Group" : "")}{(Distances ? ", distances + (long)head * Group * DistanceStride" : "")}";
        string branch = VectorWidth.Branch(width => $"Rows{width.Bits}(query, attended, rows, sequence.FirstPosition + row{length}, headKeys, headValues{more});");
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

    private void EmitRows(CodeWriter writer, VectorWidth width)
    {
        string operands = $"{(Sinks ? ", float* sinks" : "")}{(Distances ? ", float* distances" : "")}";
        writer.Lines(
            $$"""

            // A query is one row with one of the heads that share these keys; position is the first row's.
            {{Optimized}}
            private static void Rows{{width.Bits}}(float* query, float* output, int rows, int position{{(Mask == AttentionMask.Causal ? "" : ", int length")}}, float* keys, float* values{{operands}})
            {
                float* queries = stackalloc float[4 * HeadWidth], attended = stackalloc float[4 * ValueStride], scores = stackalloc float[4 * Block];
                {{ScopeDeclarations()}}
                int index = 0, count = rows * Group;
                for (; index + 4 <= count; index += 4)
                {
                    for (int i = 0; i < 4; i++)
                    {
                        Take(query, index + i, queries + i * HeadWidth);
                        {{ScopeOf("i", "index + i").Replace("\n", "\n            ")}}
                    }
                    Attend{{width.Bits}}x4(queries, {{ScopeArguments}}, keys, values, scores, attended);
                    for (int i = 0; i < 4; i++)
                        Give(attended + i * ValueStride, output, index + i);
                }
                for (; index < count; index++)
                {
                    Take(query, index, queries);
                    {{ScopeOf("0", "index").Replace("\n", "\n        ")}}
                    Attend{{width.Bits}}x1(queries, {{ScopeArguments}}, keys, values, scores, attended);
                    Give(attended, output, index);
                }
            }
            """);
        if (width == VectorWidth.V512)
        {
            writer.Lines(
                """

                // Copies a query, scaled.
                [MethodImpl(MethodImplOptions.AggressiveOptimization)]
                private static void Take(float* query, int index, float* copy)
                {
                    float* source = query + (long)(index / Group) * QueryStride + index % Group * HeadWidth;
                    for (int i = 0; i < HeadWidth; i++)
                        copy[i] = source[i] * ScoreScale;
                }

                [MethodImpl(MethodImplOptions.AggressiveOptimization)]
                private static void Give(float* attended, float* output, int index)
                {
                    float* target = output + (long)(index / Group) * OutputStride + index % Group * ValueWidth;
                    for (int i = 0; i < ValueWidth; i++)
                        target[i] = attended[i];
                }
                """);
        }
    }

    // What each of up to four queries sees: positions from begins to ends; with a sink and a line of the distances' table where there are such.
    private string ScopeDeclarations()
    {
        string declarations = Window is null ? "int* ends = stackalloc int[4];" : "int* begins = stackalloc int[4], ends = stackalloc int[4];";
        if (Sinks)
            declarations += "\n    float* sink = stackalloc float[4];";
        if (Distances)
            declarations += "\n    float** bias = stackalloc float*[4];";
        return declarations;
    }

    private string ScopeArguments => $"{(Window is null ? "" : "begins, ")}ends{(Sinks ? ", sink" : "")}{(Distances ? ", bias" : "")}";

    private string ScopeParameters => $"{(Window is null ? "" : "int* begins, ")}int* ends{(Sinks ? ", float* sink" : "")}{(Distances ? ", float** bias" : "")}";

    private string ScopeOf(string slot, string index)
    {
        string at = $"position + {(index.Contains(' ') ? $"({index})" : index)} / Group";
        int side = (Window ?? 0) / 2;
        var lines = new List<string>();
        switch (Mask)
        {
            case AttentionMask.Causal:
                lines.Add($"ends[{slot}] = {at} + 1;");
                if (Window is { } window)
                    lines.Add($"begins[{slot}] = Math.Max(0, {at} + 1 - {window});");
                break;
            case AttentionMask.Bidirectional when Window is not null:
                lines.Add($"begins[{slot}] = Math.Max(0, {at} - {side});");
                lines.Add($"ends[{slot}] = Math.Min(length, {at} + {side} + 1);");
                break;
            default:
                lines.Add($"ends[{slot}] = length;");
                break;
        }
        string head = index.Contains(' ') ? $"({index}) % Group" : $"{index} % Group";
        if (Sinks)
            lines.Add($"sink[{slot}] = sinks[{head}];");
        if (Distances)
            lines.Add($"bias[{slot}] = distances + (long)({head}) * DistanceStride + DistanceContext - ({at});");
        return string.Join("\n", lines);
    }

    private void EmitAttend(CodeWriter writer, VectorWidth width, int queries)
    {
        string begin = Window is null ? "" : $"begins[i] - start, ", bias = Distances ? ", bias[i] + start" : "";
        writer.Lines(
            $$"""

            // Online softmax over blocks of positions, {{(Window is null ? "up" : "from the first")}} to the last that any of the queries sees.
            {{Optimized}}
            private static void Attend{{width.Bits}}x{{queries}}(float* queries, {{ScopeParameters}}, float* keys, float* values, float* scores, float* attended)
            {
                float* maxima = stackalloc float[{{queries}}], sums = stackalloc float[{{queries}}];
                for (int i = 0; i < {{queries}}; i++)
                {
                    maxima[i] = {{(Sinks ? "sink[i]" : "float.NegativeInfinity")}};
                    sums[i] = {{(Sinks ? 1 : 0)}};
                }
                new Span<float>(attended, {{queries}} * ValueStride).Clear();
                int longest = ends[{{queries - 1}}];
                for (int start = {{(Window is null ? "0" : "begins[0] / Block * Block")}}; start < longest; start += Block)
                {
                    int count = Math.Min(Block, longest - start);
                    Scores{{width.Bits}}x{{queries}}(queries, keys + (long)start * HeadWidth, scores, count);
                    for (int i = 0; i < {{queries}}; i++)
                        Softmax{{width.Bits}}(scores + i * Block, {{begin}}Math.Min(ends[i] - start, count), count, maxima + i, sums + i, attended + i * ValueStride{{bias}});
                    Values{{width.Bits}}x{{queries}}(scores, values + (long)start * ValueStride, attended, count);
                }
                for (int i = 0; i < {{queries}}; i++)
                    TensorPrimitives.Multiply(new ReadOnlySpan<float>(attended + i * ValueStride, ValueStride), 1 / sums[i], new Span<float>(attended + i * ValueStride, ValueStride));
            }
            """);
    }

    private void EmitSoftmax(CodeWriter writer, VectorWidth width)
    {
        string v = width.Class;
        string score = $"{v}.Load(scores + i)";
        if (ScoreCap is not null)
            score = $"VectorMath.Tanh({score} * (1 / ScoreCap)) * ScoreCap";
        if (Distances)
            score += $" + {v}.Load(bias + i)";
        string seen = $"{v}.LessThan({v}.CreateSequence((float)i, 1f), {v}.Create((float)visible))";
        if (Window is not null)
            seen += $" & {v}.GreaterThanOrEqual({v}.CreateSequence((float)i, 1f), {v}.Create((float)hidden))";
        writer.Lines(
            $$"""

            // Scores become exp(score − maximum), 0 past the visible ones; a new maximum rescales what was summed.
            {{Optimized}}
            private static void Softmax{{width.Bits}}(float* scores, {{(Window is null ? "" : "int hidden, ")}}int visible, int count, float* maximum, float* sum, float* attended{{(Distances ? ", float* bias" : "")}})
            {
                {{width.Type}} largest = {{v}}.Create(float.NegativeInfinity), total = {{width.Type}}.Zero;
                for (int i = 0; i < count; i += {{width.Lanes}})
                {
                    {{width.Type}} seen = {{seen}};
                    {{width.Type}} masked = {{v}}.ConditionalSelect(seen, {{score}}, {{v}}.Create(float.NegativeInfinity));
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
