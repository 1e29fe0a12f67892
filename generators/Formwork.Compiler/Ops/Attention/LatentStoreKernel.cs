using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>
/// Latent attention's way into the cache: rotates the last numbers of each query head in place and the key's common part once, puts the
/// common part behind each head's own, and stores keys and values as <see cref="StoreKernel"/> does.
/// </summary>
/// <param name="Heads">Number of heads.</param>
/// <param name="HeadWidth">Numbers of a key: its own and the common ones.</param>
/// <param name="ValueWidth">Numbers of a value.</param>
/// <param name="CommonWidth">Numbers of a key that all heads have in common.</param>
/// <param name="CommonStart">Where these stand in a row of the narrow vectors.</param>
/// <param name="Rotary">The rotation of the common part; null for none.</param>
public sealed record LatentStoreKernel(int Heads, int HeadWidth, int ValueWidth, int CommonWidth, int CommonStart, RotatedPairs? Rotary) : PassKernel
{
    private int OwnWidth => HeadWidth - CommonWidth;

    public override string Name => $"StoreLatentKeysAndValues{Heads}Of{HeadWidth}Values{ValueWidth}{(Rotary is null ? "" : $"Rotary{Rotary.Width}{Rotary.Pairing}")}";

    public override string Formula =>
        $"{(Rotary is null ? "" : "rotate the queries' ends and the keys' common part; ")}cache[position] = (own, common) key, value ({Heads} heads of {OwnWidth} + {CommonWidth})";

    public override string CallCSharp(PlanStep step) =>
        $"{step.Input!.Name}, {step.Others[0].Name}, {step.Output!.Name}, {(step.Table is { } table ? $"Tables + {table.Offset}, " : "")}keys: {step.Cache!.Keys}, values: {step.Cache.Values}, batch";

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        writer.Lines(
            $$"""
            private const int Heads = {{Heads}};
            private const int HeadWidth = {{HeadWidth}};
            private const int OwnWidth = {{OwnWidth}};
            private const int CommonWidth = {{CommonWidth}};
            private const int ValueWidth = {{ValueWidth}};
            private const int ValueStride = {{Padded(ValueWidth)}};
            private const int UpStride = {{Padded(Heads * (OwnWidth + ValueWidth))}};
            private const int DownStride = {{Padded(CommonStart + CommonWidth)}};
            private const int QueryStride = {{Padded(Heads * HeadWidth)}};

            {{Optimized}}
            public static void Run(float* up, float* down, float* queries, {{(Rotary is null ? "" : "float* rotations, ")}}int keys, int values, Batch batch, Worker worker)
            {
                (int first, int end) = worker.Share(batch.Rows);
                for (int index = 0; index < batch.SequenceCount; index++)
                {
                    SequenceRows sequence = batch.Sequences[index];
                    long capacity = sequence.Capacity;
                    int last = Math.Min(end, sequence.FirstRow + sequence.Rows);
                    for (int row = Math.Max(first, sequence.FirstRow); row < last; row++)
                    {
                        int position = sequence.FirstPosition + row - sequence.FirstRow;
                        float* common = down + (long)row * DownStride + {{CommonStart}};
            """);
        if (Rotary is not null)
        {
            writer.Lines(
                """
                            float* query = queries + (long)row * QueryStride, turns = rotations + (long)position * RotaryWidth;
                            Rotate(common, turns);
                            for (int head = 0; head < Heads; head++)
                                Rotate(query + head * HeadWidth + OwnWidth, turns);
                """);
        }
        writer.Lines(
            $$"""
                        Store(up + (long)row * UpStride, common, sequence.Cache + keys * capacity, sequence.Cache + values * capacity, position, capacity);
                    }
                }
            }

            {{Optimized}}
            private static void Store(float* up, float* common, float* keys, float* values, int position, long capacity)
            {
                keys += (long)(position / 16) * (HeadWidth * 16) + position % 16;
                values += (long)position * ValueStride;
                for (int head = 0; head < Heads; head++)
                {
                    for (int i = 0; i < OwnWidth; i++)
                        keys[i * 16] = up[i];
                    for (int i = 0; i < CommonWidth; i++)
                        keys[(OwnWidth + i) * 16] = common[i];
                    new ReadOnlySpan<float>(up + OwnWidth, ValueWidth).CopyTo(new Span<float>(values, ValueWidth));
                    up += OwnWidth + ValueWidth;
                    keys += HeadWidth * capacity;
                    values += ValueStride * capacity;
                }
            }
            """);
        if (Rotary is { } rotary)
            RotationFragment.Emit(writer, rotary);
    }
}
