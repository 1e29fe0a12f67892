using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>
/// Rotates queries in place and keys on their way into the cache, and puts keys and values there. Keys lie in panels of 16 positions,
/// number by number, as weights do: scores are then products without sums across a vector. Values lie position by position.
/// </summary>
public sealed record StoreKernel(int Heads, int KeyValueHeads, int HeadWidth, RotatedPairs? Rotary) : PassKernel
{
    /// <summary>Whether they are a source's, which are kept apart.</summary>
    public bool IntoMemory { get; init; }

    public override string Name => $"{(IntoMemory ? "Memorize" : "Store")}KeysAndValues{KeyValueHeads}Of{HeadWidth}{(Rotary is null ? "" : $"Rotary{Rotary.Width}{Rotary.Pairing}")}Heads{Heads}";

    public override string Formula =>
        $"{(Rotary is null ? "" : $"rotate {Heads} query and {KeyValueHeads} key heads; ")}{(IntoMemory ? "memory" : "cache")}[position] = key, value ({KeyValueHeads} heads of {HeadWidth})";

    public override string CallCSharp(PlanStep step) =>
        $"{step.Input!.Name}, {(step.Table is { } table ? $"Tables + {table.Offset}, " : "")}keys: {step.Cache!.Keys}, values: {step.Cache.Values}, batch";

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        writer.Lines(
            $$"""
            private const int Heads = {{Heads}};
            private const int KeyValueHeads = {{KeyValueHeads}};
            private const int HeadWidth = {{HeadWidth}};
            private const int Stride = {{Padded((Heads + 2 * KeyValueHeads) * HeadWidth)}};
            private const int ValueStride = {{Padded(HeadWidth)}};

            {{Optimized}}
            public static void Run(float* queryKeyValue, {{(Rotary is null ? "" : "float* rotations, ")}}int keys, int values, Batch batch, Worker worker)
            {
                (int first, int end) = worker.Share(batch.Rows);
                for (int index = 0; index < batch.SequenceCount; index++)
                {
                    SequenceRows sequence = batch.Sequences[index];
                    long capacity = sequence.{{(IntoMemory ? "MemoryCapacity" : "Capacity")}};
                    int last = Math.Min(end, sequence.FirstRow + sequence.Rows);
                    for (int row = Math.Max(first, sequence.FirstRow); row < last; row++)
                    {
                        int position = sequence.FirstPosition + row - sequence.FirstRow;
                        float* query = queryKeyValue + (long)row * Stride, key = query + Heads * HeadWidth, value = key + KeyValueHeads * HeadWidth;
            """);
        if (Rotary is not null)
        {
            writer.Lines(
                """
                            for (int head = 0; head < Heads + KeyValueHeads; head++)
                                Rotate(query + head * HeadWidth, rotations + (long)position * RotaryWidth);
                """);
        }
        string cache = IntoMemory ? "sequence.Memory" : "sequence.Cache";
        writer.Lines(
            $$"""
                        Store(key, value, {{cache}} + keys * capacity, {{cache}} + values * capacity, position, capacity);
                    }
                }
            }

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private static void Store(float* key, float* value, float* keys, float* values, int position, long capacity)
            {
                keys += (long)(position / 16) * (HeadWidth * 16) + position % 16;
                values += (long)position * ValueStride;
                for (int head = 0; head < KeyValueHeads; head++)
                {
                    for (int i = 0; i < HeadWidth; i++)
                        keys[i * 16] = key[i];
                    new ReadOnlySpan<float>(value, HeadWidth).CopyTo(new Span<float>(values, HeadWidth));
                    key += HeadWidth;
                    value += HeadWidth;
                    keys += HeadWidth * capacity;
                    values += ValueStride * capacity;
                }
            }
            """);
        if (Rotary is { } rotary)
            RotationFragment.Emit(writer, rotary);
    }
}
