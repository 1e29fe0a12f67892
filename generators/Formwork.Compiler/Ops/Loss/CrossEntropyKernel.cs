using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>
/// The loss of each row against its target class t, with label smoothing s (Szegedy et al. 2016, section 7) over C classes:
/// −(1 − s)·log p[t] − s·mean(log p), where p = softmax(z). Its gradient, factor·(p − (1 − s)·[c = t] − s/C), takes the logits' place.
/// </summary>
/// <param name="Classes">Number of classes.</param>
public sealed record CrossEntropyKernel(int Classes) : Kernel
{
    public override string Name => $"CrossEntropy{Classes}";

    public override string Formula => $"loss[rows] = −(1 − s)·log p[target] − s·mean(log p), p = softmax(z[rows, {Classes}]); dz = factor·(p − (1 − s)·[target] − s/{Classes})";

    private int Whole(VectorWidth width) => Classes / width.Lanes * width.Lanes;

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        writer.Lines(
            $"""
            private const int Classes = {Classes};
            private const int Stride = {Padded(Classes)};

            """);
        using (writer.Block($"{Optimized}\npublic static void Run(float* logits, int* targets, float* losses, float* logLikelihoods, int* predictions, float factor, float smoothing, bool backward, int rows, Worker worker)"))
        {
            writer.Lines("(int first, int end) = worker.Share(rows);");
            using IDisposable loop = writer.Block("for (int row = first; row < end; row++)");
            writer.Lines(VectorWidth.Branch(width => $"Row{width.Bits}(logits + (long)row * Stride, targets[row], losses + row, logLikelihoods + row, predictions + row, factor, smoothing, backward);"));
        }
        foreach (VectorWidth width in VectorWidth.All)
        {
            EmitRow(writer, width);
            EmitLargest(writer, width);
            EmitFirst(writer, width);
            EmitExponentials(writer, width);
        }
    }

    private void EmitRow(CodeWriter writer, VectorWidth width)
    {
        writer.Line();
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void Row{width.Bits}(float* z, int target, float* loss, float* logLikelihood, int* prediction, float factor, float smoothing, bool backward)");
        writer.Lines(
            $$"""
            float mean, largest = Largest{{width.Bits}}(z, &mean), atTarget = z[target];
            *prediction = First{{width.Bits}}(z, largest);
            float sum = Exponentials{{width.Bits}}(z, largest, backward);
            double logarithm = Math.Log(sum), likelihood = (double)atTarget - largest - logarithm;
            *logLikelihood = (float)likelihood;
            *loss = (float)((smoothing - 1d) * likelihood - smoothing * ((double)mean - largest - logarithm));
            if (!backward)
                return;
            {{width.Type}} scale = {{width.Class}}.Create(factor / sum), share = {{width.Class}}.Create(factor * smoothing / Classes);
            for (int c = 0; c < Stride; c += {{width.Lanes}})
                ({{width.Class}}.Load(z + c) * scale - share).Store(z + c);
            z[target] -= factor * (1 - smoothing);
            """);
        if (Padded(Classes) > Classes)
            writer.Lines("new Span<float>(z + Classes, Stride - Classes).Clear();");
    }

    private void EmitLargest(CodeWriter writer, VectorWidth width)
    {
        string v = width.Class;
        int whole = Whole(width);
        writer.Line();
        writer.Lines("// The largest logit, and the mean: of numbers divided first, so that no sum overflows.");
        using IDisposable method = writer.Block($"{Optimized}\nprivate static float Largest{width.Bits}(float* z, float* mean)");
        writer.Lines($"{width.Type} largest = {v}.Create(float.NegativeInfinity), sum = {width.Type}.Zero, part = {v}.Create(1f / Classes);");
        using (writer.Block($"for (int c = 0; c < {whole}; c += {width.Lanes})"))
        {
            writer.Lines(
                $"""
                {width.Type} value = {v}.Load(z + c);
                largest = {v}.MaxNative(value, largest);
                sum = {v}.MultiplyAddEstimate(value, part, sum);
                """);
        }
        if (whole < Classes)
        {
            writer.Lines(
                $"""
                {SeenOfLast(width)}
                {width.Type} last = {v}.Load(z + {whole});
                largest = {v}.MaxNative({v}.ConditionalSelect(seen, last, {v}.Create(float.NegativeInfinity)), largest);
                sum += (last & seen) * part;
                """);
        }
        writer.Lines(
            $"""
            *mean = {v}.Sum(sum);
            return VectorMath.Largest(largest);
            """);
    }

    private void EmitFirst(CodeWriter writer, VectorWidth width)
    {
        writer.Line();
        writer.Lines("// The first class with the largest logit.");
        using IDisposable method = writer.Block($"{Optimized}\nprivate static int First{width.Bits}(float* z, float largest)");
        using (writer.Block($"for (int c = 0; c < {Whole(width)}; c += {width.Lanes})"))
        {
            writer.Lines(
                $"""
                ulong equal = {width.Class}.Equals({width.Class}.Load(z + c), {width.Class}.Create(largest)).ExtractMostSignificantBits();
                if (equal != 0)
                    return c + System.Numerics.BitOperations.TrailingZeroCount(equal);
                """);
        }
        if (Whole(width) < Classes)
        {
            writer.Lines(
                $"""
                for (int c = {Whole(width)}; c < Classes; c++)
                    if (z[c] == largest)
                        return c;
                """);
        }
        writer.Lines("return 0; // no number equals one that is none");
    }

    private void EmitExponentials(CodeWriter writer, VectorWidth width)
    {
        string v = width.Class;
        int whole = Whole(width), twice = whole / (2 * width.Lanes) * (2 * width.Lanes);
        writer.Line();
        writer.Lines("// Σ exp(z − largest); where there is a backward pass, these take the logits' place. Two sums keep more of the small numbers.");
        using IDisposable method = writer.Block($"{Optimized}\nprivate static float Exponentials{width.Bits}(float* z, float largest, bool store)");
        writer.Lines($"{width.Type} maximum = {v}.Create(largest), sum0 = {width.Type}.Zero, sum1 = {width.Type}.Zero;");
        using (writer.Block($"for (int c = 0; c < {twice}; c += {2 * width.Lanes})"))
        {
            writer.Lines(
                $"""
                {width.Type} e0 = VectorMath.Exp({v}.Load(z + c) - maximum), e1 = VectorMath.Exp({v}.Load(z + c + {width.Lanes}) - maximum);
                sum0 += e0;
                sum1 += e1;
                """);
            using IDisposable store = writer.Block("if (store)");
            writer.Lines($"e0.Store(z + c);\ne1.Store(z + c + {width.Lanes});");
        }
        if (twice < whole)
            AddOne(writer, width, "odd", twice, "");
        if (whole < Classes)
        {
            writer.Lines(SeenOfLast(width));
            AddOne(writer, width, "last", whole, " & seen");
        }
        writer.Lines($"return {v}.Sum(sum0 + sum1);");
    }

    private static void AddOne(CodeWriter writer, VectorWidth width, string name, int at, string mask) => writer.Lines(
        $"""
        {width.Type} {name} = VectorMath.Exp({width.Class}.Load(z + {at}) - maximum){mask};
        sum0 += {name};
        if (store)
            {name}.Store(z + {at});
        """);

    /// <summary>Which lanes of the last vector are classes; padding may hold anything.</summary>
    private string SeenOfLast(VectorWidth width) =>
        $"{width.Type} seen = {width.Class}.LessThan({width.Class}.CreateSequence(0f, 1f), {width.Class}.Create({Classes - Whole(width)}f));";
}
