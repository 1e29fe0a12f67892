using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <content>The emitted C#: a walk over each row, or over all rows as one where nothing stands between them.</content>
public sealed partial record ElementwiseKernel
{
    private IEnumerable<string> Each(Func<int, string> text) => Enumerable.Range(0, Operands.Count).Select(text);

    private IEnumerable<string> EachDropout(Func<int, string> text) => Enumerable.Range(0, Rates.Count).Select(text);

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula.Replace("&", "&amp;").Replace("<", "&lt;")}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        writer.Lines($"private const int Width = {Width};");
        for (int i = 0; i < Rates.Count; i++)
            writer.Lines($"private const float Scale{i} = {CSharpLiteral.Float(1 / (1 - Rates[i]))}; // 1 / (1 − {Number(Rates[i])})");
        writer.Line();
        string keys = string.Concat(EachDropout(i => $"uint key{i}, ")) + (Rates.Count > 0 ? "bool dropping, " : "");
        string pointers = string.Join(", ", Each(i => $"float* input{i}").Append("float* output"));
        using (writer.Block($"{Optimized}\npublic static void Run({pointers}, {keys}int rows, Worker worker)"))
        {
            for (int i = 0; i < Rates.Count; i++)
                writer.Lines($"uint threshold{i} = dropping ? {(uint)(Rates[i] * 4294967296.0)}u : 0;\nfloat scale{i} = dropping ? Scale{i} : 1;");
            writer.Lines("(int first, int end) = worker.Share(rows);");
            string arguments = string.Join(", ", Each(i => $"input{i}").Append("output").Concat(EachDropout(i => $"key{i}, threshold{i}, scale{i}")));
            writer.Lines(VectorWidth.Branch(width => $"Rows{width.Bits}({arguments}, first, end);"));
        }
        foreach (VectorWidth width in VectorWidth.All)
            EmitRows(writer, width, pointers);
    }

    private void EmitRows(CodeWriter writer, VectorWidth width, string pointers)
    {
        string dropouts = string.Concat(EachDropout(i => $", uint key{i}, uint threshold{i}, float scale{i}"));
        writer.Line();
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void Rows{width.Bits}({pointers}{dropouts}, int first, int end)");
        if (IsFlat)
        {
            using IDisposable loop = writer.Block($"for (nint i = (nint)first * Width; i < (nint)end * Width; i += {width.Lanes})");
            EmitVector(writer, width, operand => $"input{operand} + i", "output + i", "(uint)i");
            return;
        }
        int whole = Width / width.Lanes * width.Lanes;
        if (whole < Width && !Alternates)
            writer.Lines($"float* rest = stackalloc float[{(Operands.Count + 1) * Lanes}];");
        using IDisposable rows = writer.Block("for (int row = first; row < end; row++)");
        foreach (string line in Each(i => $"float* a{i} = input{i} + (long)row * {Operands[i].Stride};").Append($"float* y = output + (long)row * {Output.Stride};"))
            writer.Lines(line);
        if (Alternates)
            EmitPanels(writer, width);
        else
            EmitRow(writer, width, whole);
    }

    private void EmitPanels(CodeWriter writer, VectorWidth width)
    {
        using IDisposable loop = writer.Block($"for (int i = 0; i < {Padded(Width)}; i += {Lanes})");
        for (int part = 0; part < width.VectorsPerPanel; part++)
        {
            string offset = part == 0 ? "" : $" + {part * width.Lanes}";
            string At(string pointer, ElementwiseOperand operand) => $"{pointer} + {(operand.Alternates ? "2 * i" : "i")}{offset}";
            using IDisposable scope = writer.Block("");
            EmitVector(writer, width, operand => At($"a{operand}", Operands[operand]), At("y", Output), $"(uint)(row * Width + i{offset})");
        }
    }

    private void EmitRow(CodeWriter writer, VectorWidth width, int whole)
    {
        if (whole > 0)
        {
            using IDisposable loop = writer.Block($"for (int i = 0; i < {whole}; i += {width.Lanes})");
            EmitVector(writer, width, operand => $"a{operand} + i", "y + i", "(uint)(row * Width + i)");
        }
        if (whole == Width)
            return;
        int left = Width - whole;
        using (writer.Block(""))
        {
            writer.Lines($"new Span<float>(rest, {(Operands.Count + 1) * Lanes}).Clear();");
            for (int i = 0; i < Operands.Count; i++)
                writer.Lines($"new ReadOnlySpan<float>(a{i} + {whole}, {left}).CopyTo(new Span<float>(rest + {i * Lanes}, {left}));");
            EmitVector(writer, width, operand => $"rest + {operand * Lanes}", $"rest + {Operands.Count * Lanes}", $"(uint)(row * Width + {whole})");
            writer.Lines($"new ReadOnlySpan<float>(rest + {Operands.Count * Lanes}, {left}).CopyTo(new Span<float>(y + {whole}, {left}));");
        }
        if (OwnsPadding)
            writer.Lines($"new Span<float>(y + Width, {Padded(Width) - Width}).Clear();");
    }

    private void EmitVector(CodeWriter writer, VectorWidth width, Func<int, string> address, string output, string place)
    {
        foreach (string line in Each(i => $"{width.Type} x{i} = {width.Class}.Load({address(i)});"))
            writer.Lines(line);
        string expression = Expression.Replace("{V}", width.Class).Replace("{T}", width.Type);
        if (Rates.Count > 0)
            writer.Lines($"Vector{width.Bits}<uint> place = Vector{width.Bits}.CreateSequence({place}, 1u);");
        for (int i = 0; i < Rates.Count; i++)
            expression = expression.Replace($"Drop{i}(", $"DropoutMask.Drop(key{i}, threshold{i}, scale{i}, place, ");
        writer.Lines($"({expression}).Store({output});");
    }
}
