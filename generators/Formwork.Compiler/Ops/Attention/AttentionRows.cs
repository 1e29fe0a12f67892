using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>The emitted methods that copy rows of one head between buffers and scratch, where a row is padded to whole vectors.</summary>
internal static class AttentionRows
{
    /// <summary>Copies rows of a buffer, with a factor, to scratch; the padding and the rows that complete a tile become zero.</summary>
    public static void EmitTake(CodeWriter writer, VectorWidth width, string name, int numbers, int stride, string? factor)
    {
        int row = Kernel.Padded(numbers), whole = numbers / width.Lanes * width.Lanes;
        string times = factor is null ? "" : $" * {factor}", load = $"{width.Class}.Load(source + i)";
        writer.Line();
        using IDisposable method = writer.Block($"{Kernel.Optimized}\nprivate static void {name}{width.Bits}(float* source, int count, float* rows)");
        using (writer.Block($"for (int row = 0; row < count; row++, source += {stride}, rows += {row})"))
        {
            if (whole > 0)
            {
                writer.Lines(
                    $"""
                    for (int i = 0; i < {whole}; i += {width.Lanes})
                        {(factor is null ? load : $"({load}{times})")}.Store(rows + i);
                    """);
            }
            if (whole < row)
            {
                writer.Lines(
                    $"""
                    for (int i = {whole}; i < {numbers}; i++)
                        rows[i] = source[i]{times};
                    for (int i = {numbers}; i < {row}; i++)
                        rows[i] = 0;
                    """);
            }
        }
        writer.Lines($"new Span<float>(rows, (-count & 3) * {row}).Clear();");
    }

    /// <summary>Copies rows of scratch, each times a factor or all times one, to a buffer.</summary>
    public static void EmitGive(CodeWriter writer, VectorWidth width, string name, int numbers, int stride, string? factor, bool factors = false)
    {
        int row = Kernel.Padded(numbers), whole = numbers / width.Lanes * width.Lanes;
        string times = factors ? " * factors[row]" : factor is null ? "" : $" * {factor}", load = $"{width.Class}.Load(rows + i)";
        writer.Line();
        using IDisposable method = writer.Block($"{Kernel.Optimized}\nprivate static void {name}{width.Bits}(float* rows, {(factors ? "float* factors, " : "")}int count, float* target)");
        using IDisposable loop = writer.Block($"for (int row = 0; row < count; row++, rows += {row}, target += {stride})");
        if (whole > 0)
        {
            writer.Lines(
                $"""
                for (int i = 0; i < {whole}; i += {width.Lanes})
                    {(times.Length == 0 ? load : $"({load}{times})")}.Store(target + i);
                """);
        }
        if (whole < numbers)
        {
            writer.Lines(
                $"""
                for (int i = {whole}; i < {numbers}; i++)
                    target[i] = rows[i]{times};
                """);
        }
    }
}
