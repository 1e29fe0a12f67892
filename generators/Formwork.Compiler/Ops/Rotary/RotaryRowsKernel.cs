using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>
/// Rotates the heads of each row in place, by its position's cosines and sines: the table is <see cref="StoreKernel"/>'s. The inverse is the
/// transposed rotation, which gradients go through; a magnitude that the table carries stays a factor.
/// </summary>
/// <param name="Heads">Number of heads.</param>
/// <param name="HeadWidth">Numbers of each.</param>
/// <param name="Rotary">Which of them are pairs.</param>
/// <param name="Stride">Floats from one row to the next.</param>
/// <param name="Inverse">Whether pairs are turned the other way.</param>
public sealed record RotaryRowsKernel(int Heads, int HeadWidth, RotatedPairs Rotary, int Stride, bool Inverse) : Kernel
{
    /// <summary>The first rotated number of each head.</summary>
    public int Start { get; init; }

    public override string Name =>
        $"Rotate{(Inverse ? "Back" : "")}{Heads}Of{HeadWidth}Rotary{Rotary.Width}{Rotary.Pairing}{(Start == 0 ? "" : $"From{Start}")}Stride{Stride}";

    public override string Formula =>
        $"x[rows, {Heads * HeadWidth}]: each pair turned {(Inverse ? "back " : "")}by its position's angle, {Heads} heads of {HeadWidth}, {Rotary.Width} rotated{(Start == 0 ? "" : $" from {Start}")}";

    public override long FlopsPerRow => 3L * Heads * Rotary.Width;

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        writer.Lines(
            $$"""
            private const int Heads = {{Heads}};
            private const int HeadWidth = {{HeadWidth}};
            private const int Start = {{Start}};
            private const int Stride = {{Stride}};

            {{Optimized}}
            public static void Run(float* x, float* rotations, int* positions, int rows, Worker worker)
            {
                (int first, int end) = worker.Share(rows);
                for (int row = first; row < end; row++)
                {
                    float* heads = x + (long)row * Stride + Start, turns = rotations + (long)positions[row] * RotaryWidth;
                    for (int head = 0; head < Heads; head++)
                        Rotate(heads + head * HeadWidth, turns);
                }
            }
            """);
        RotationFragment.Emit(writer, Rotary, Inverse);
    }
}
