using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <content>The emitted C#: two or three walks over a row that is in the first-level cache.</content>
public sealed partial record NormKernel
{
    private string BiasParameter => Bias ? " float* bias," : "";

    public override string CallCSharp(PlanStep step)
    {
        string rows = step.Rows == StepRows.Outputs ? "batch.Outputs" : "batch.Rows";
        string weights = string.Join(", ", step.Weights.Select(weight => $"Weights + {Names.CSharp(weight.Path)}"));
        return $"{step.Input!.Name}, {weights}, {step.Output?.Name ?? "batch.Result"}, {rows}";
    }

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        writer.Lines($"private const int Width = {Width};");
        writer.Lines(IsWhole
            ? $"private const int Stride = {Padded(Width)};"
            : $"""
            private const int Heads = {Heads};
            private const int InputStride = {InputStride};
            private const int OutputStride = {OutputStride};
            """);
        writer.Lines(
            $"""
            private const float Epsilon = {CSharpLiteral.Float(Epsilon)};

            """);
        EmitRun(writer);
        foreach (VectorWidth width in VectorWidth.All)
            EmitRow(writer, width);
    }

    private void EmitRun(CodeWriter writer)
    {
        string weights = $"gain,{(Bias ? " bias," : "")}";
        using IDisposable method = writer.Block($"{Optimized}\npublic static void Run(float* input, float* gain,{BiasParameter} float* output, int rows, Worker worker)");
        if (IsWhole)
        {
            writer.Lines("(int first, int end) = worker.Share(rows);");
            using IDisposable loop = writer.Block("for (int row = first; row < end; row++)");
            writer.Lines(VectorWidth.Branch(width => $"Row{width.Bits}(input + (long)row * Stride, {weights} output + (long)row * Stride);"));
            return;
        }
        writer.Lines("(int first, int end) = worker.Share(rows);");
        using (writer.Block("for (int row = first; row < end; row++)"))
        {
            writer.Lines($"float* x = input + (long)row * InputStride{Plus(Start)}, y = output + (long)row * OutputStride{Plus(OutputStart)};");
            using IDisposable heads = writer.Block("for (int head = 0; head < Heads; head++, x += Width, y += Width)");
            writer.Lines(VectorWidth.Branch(width => $"Row{width.Bits}(x, {weights} y);"));
        }
    }

    private static string Plus(int offset) => offset == 0 ? "" : $" + {offset}";

    private void EmitRow(CodeWriter writer, VectorWidth width)
    {
        writer.Line();
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void Row{width.Bits}(float* x, float* gain,{BiasParameter} float* y)");
        if (Kind == NormKind.Layer)
        {
            Sum(writer, width, "sum", "v", "x[i]");
            writer.Lines("float mean = sum / Width;");
            Sum(writer, width, "squares", "d * d", "(x[i] - mean) * (x[i] - mean)", centred: true);
            writer.Lines("float scale = 1 / MathF.Sqrt(squares / Width + Epsilon);");
        }
        else
        {
            Sum(writer, width, "squares", "v * v", "x[i] * x[i]");
            writer.Lines("float scale = 1 / MathF.Sqrt(squares / Width + Epsilon);");
        }
        Write(writer, width);
    }

    /// <summary>Sums a term over the row: whole vectors, then what is left.</summary>
    private void Sum(CodeWriter writer, VectorWidth width, string name, string term, string scalarTerm, bool centred = false)
    {
        int whole = Width / width.Lanes * width.Lanes;
        string lanes = name + "OfLane", v = width.Class, load = centred ? $"{width.Type} d = {v}.Load(x + i) - {v}.Create(mean);" : $"{width.Type} v = {v}.Load(x + i);";
        if (whole > 0)
        {
            writer.Lines($"{width.Type} {lanes} = {width.Type}.Zero;");
            using (writer.Block($"for (int i = 0; i < {whole}; i += {width.Lanes})"))
                writer.Lines($"{load}\n{lanes} += {term};");
        }
        writer.Lines(whole > 0 ? $"float {name} = {v}.Sum({lanes});" : $"float {name} = 0;");
        if (whole < Width)
        {
            writer.Lines(
                $"""
                for (int i = {whole}; i < Width; i++)
                    {name} += {scalarTerm};
                """);
        }
    }

    private void Write(CodeWriter writer, VectorWidth width)
    {
        int whole = Width / width.Lanes * width.Lanes;
        string v = width.Class;
        string Row(string x, string mean, string gain, string bias, string y, string one)
        {
            string centred = Kind == NormKind.Layer ? $"({x} - {mean})" : x;
            string normed = $"{centred} * scale";
            string factor = UnitOffset ? $"({one} + {gain})" : gain;
            return $"{(AddsResidual ? y + " + " : "")}{normed} * {factor}{(Bias ? " + " + bias : "")}";
        }
        if (whole > 0)
        {
            string value = Row($"{v}.Load(x + i)", $"{v}.Create(mean)", $"{v}.Load(gain + i)", $"{v}.Load(bias + i)", $"{v}.Load(y + i)", $"{width.Type}.One");
            writer.Lines(
                $"""
                for (int i = 0; i < {whole}; i += {width.Lanes})
                    ({value}).Store(y + i);
                """);
        }
        if (whole < Width)
        {
            writer.Lines(
                $"""
                for (int i = {whole}; i < Width; i++)
                    y[i] = {Row("x[i]", "mean", "gain[i]", "bias[i]", "y[i]", "1")};
                """);
        }
    }
}
