using Formwork.Compiler.CSharp;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <content>The emitted C#: four walks over a row that is in the first-level cache.</content>
public sealed partial record NormGradientKernel
{
    private bool Centred => Kind == NormKind.Layer;

    private string BiasSums => Bias ? ", sums + GainFloats" : "";

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        writer.Lines(
            $"""
            private const int Heads = {Heads};
            private const int Width = {Width};
            private const int InputStride = {InputStride};
            private const int OutputGradientStride = {OutputGradientStride};
            private const int InputGradientStride = {InputGradientStride};
            private const float Epsilon = {CSharpLiteral.Float(Epsilon)};

            // Sums over {SharedBlock} rows: the gain's, {(Bias ? "then the bias's" : "nothing else")}.
            private const int GainFloats = {Padded(Width)};
            private const int SumFloats = {SharedFloats};

            """);
        EmitRun(writer);
        EmitAddSums(writer);
        foreach (VectorWidth width in VectorWidth.All)
            EmitRow(writer, width);
    }

    private void EmitRun(CodeWriter writer)
    {
        string biasParameter = Bias ? " float* biasGradient," : "";
        using IDisposable method = writer.Block($"{Optimized}\npublic static void Run(float* input, float* gain, float* outputGradient, float* inputGradient, float* gainGradient,{biasParameter} float* shared, int rows, Worker worker)");
        writer.Lines($"(int first, int end) = worker.Share(rows, {SharedBlock});");
        using (writer.Block($"for (int block = first; block < end; block += {SharedBlock})"))
        {
            writer.Lines(
                $"""
                float* sums = shared + (long)(block / {SharedBlock}) * SumFloats;
                new Span<float>(sums, SumFloats).Clear();
                int last = Math.Min(block + {SharedBlock}, end);
                """);
            using IDisposable rowLoop = writer.Block("for (int row = block; row < last; row++)");
            writer.Lines("float* x = input + (long)row * InputStride, dy = outputGradient + (long)row * OutputGradientStride, dx = inputGradient + (long)row * InputGradientStride;");
            using (writer.Block("for (int head = 0; head < Heads; head++, x += Width, dy += Width, dx += Width)"))
                writer.Lines(VectorWidth.Branch(width => $"Row{width.Bits}(x, gain, dy, dx, sums{BiasSums});"));
            if (!Adds && InputGradientStride == RowStride && RowStride > Heads * Width)
                writer.Lines($"new Span<float>(dx, {RowStride - Heads * Width}).Clear();");
        }
        writer.Lines(
            $"""
            worker.Synchronize();

            // Each worker adds the sums of some columns, in the order of the rows.
            (first, end) = worker.Share(GainFloats, 16);
            AddSums(shared, gainGradient, rows, first, end);
            """);
        if (Bias)
            writer.Lines("AddSums(shared + GainFloats, biasGradient, rows, first, end);");
    }

    private static void EmitAddSums(CodeWriter writer) => writer.Lines(
        $$"""

        {{Optimized}}
        private static void AddSums(float* sums, float* gradient, int rows, int first, int end)
        {
            var target = new Span<float>(gradient + first, end - first);
            for (int row = 0; row < rows; row += {{SharedBlock}}, sums += SumFloats)
                TensorPrimitives.Add(target, new ReadOnlySpan<float>(sums + first, end - first), target);
        }
        """);

    private void EmitRow(CodeWriter writer, VectorWidth width)
    {
        writer.Line();
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void Row{width.Bits}(float* x, float* gain, float* dy, float* dx, float* gainSums{(Bias ? ", float* biasSums" : "")})");
        int whole = Width / width.Lanes * width.Lanes;
        if (Centred)
        {
            Sums(writer, width, whole, ("sum", "x"));
            writer.Lines("float mean = sum / Width;");
        }
        Sums(writer, width, whole, ("squares", "d * d"), ("sumOfE", "e"), ("sumOfProducts", "e * d"));
        writer.Lines("float scale = 1 / MathF.Sqrt(squares / Width + Epsilon);");
        if (Centred)
            writer.Lines("float meanOfE = sumOfE / Width;");
        writer.Lines("float slope = sumOfProducts / Width * scale * scale;");
        if (whole > 0)
        {
            using IDisposable loop = writer.Block($"for (int i = 0; i < {whole}; i += {width.Lanes})");
            writer.Lines(Locals(width, "d", "e"));
            WriteGradients(writer, target => $"{width.Class}.Load({target} + i)", (target, value) => $"({value}).Store({target} + i);", $"{width.Class}.Create(meanOfE)");
        }
        if (whole < Width)
        {
            using IDisposable loop = writer.Block($"for (int i = {whole}; i < Width; i++)");
            writer.Lines(Locals(null, "d", "e"));
            WriteGradients(writer, target => $"{target}[i]", (target, value) => $"{target}[i] = {value};", "meanOfE");
        }
    }

    private void WriteGradients(CodeWriter writer, Func<string, string> load, Func<string, string, string> store, string meanOfE)
    {
        writer.Lines(store("gainSums", $"{load("gainSums")} + {load("dy")} * (d * scale)"));
        if (Bias)
            writer.Lines(store("biasSums", $"{load("biasSums")} + {load("dy")}"));
        string value = $"(e{(Centred ? $" - {meanOfE}" : "")} - d * slope) * scale";
        writer.Lines(store("dx", Adds ? $"{load("dx")} + {value}" : value));
    }

    /// <summary>What the terms are made of: d = x − mean and e = dy∘g, of a vector or, without a width, of one number.</summary>
    private string Locals(VectorWidth? width, params string[] names)
    {
        string Load(string from) => width is null ? $"{from}[i]" : $"{width.Class}.Load({from} + i)";
        string type = width?.Type ?? "float", one = width is null ? "1" : $"{width.Type}.One";
        IEnumerable<string> lines = names.Select(name => name switch
        {
            "d" => $"{type} d = {Load("x")}{(Centred ? $" - {(width is null ? "mean" : $"{width.Class}.Create(mean)")}" : "")};",
            "e" => $"{type} e = {Load("dy")} * {(UnitOffset ? $"({one} + {Load("gain")})" : Load("gain"))};",
            _ => $"{type} v = {Load("x")};",
        });
        return string.Join("\n", lines);
    }

    /// <summary>Sums terms over the row: whole vectors, then what is left.</summary>
    private void Sums(CodeWriter writer, VectorWidth width, int whole, params (string Name, string Term)[] sums)
    {
        (string Name, string Term)[] used = sums.Where(sum => Centred || sum.Term != "e").ToArray();
        bool ofInput = used[0].Term == "x";
        string[] locals = ofInput ? ["v"] : ["d", "e"];
        string Term(string term) => ofInput ? "v" : term;
        if (whole > 0)
        {
            writer.Lines($"{width.Type} {string.Join(", ", used.Select(sum => $"{sum.Name}OfLane = {width.Type}.Zero"))};");
            using IDisposable loop = writer.Block($"for (int i = 0; i < {whole}; i += {width.Lanes})");
            writer.Lines(Locals(width, locals));
            writer.Lines(string.Join("\n", used.Select(sum => $"{sum.Name}OfLane += {Term(sum.Term)};")));
        }
        writer.Lines($"float {string.Join(", ", used.Select(sum => $"{sum.Name} = {(whole > 0 ? $"{width.Class}.Sum({sum.Name}OfLane)" : "0")}"))};");
        if (whole < Width)
        {
            using IDisposable loop = writer.Block($"for (int i = {whole}; i < Width; i++)");
            writer.Lines(Locals(null, locals));
            writer.Lines(string.Join("\n", used.Select(sum => $"{sum.Name} += {Term(sum.Term)};")));
        }
    }
}
