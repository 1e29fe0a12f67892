using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>
/// What flows back through what stands between the products of a row's experts, and to their weights. Of each chosen expert's row it makes,
/// in place: of the projections (gate and up in alternating panels when gated, else up) their derivatives; of d(h), which is taken without
/// the weight, h; of d(y) weight·d(y). d(weight) is y·d(y) = h·d(h) + b·d(y), since y = down(h) + b and d(h) = downᵀ(d(y)), so that no
/// expert's output is kept.
/// </summary>
/// <param name="Width">Numbers of a row of h.</param>
/// <param name="OutputWidth">Numbers of a row of y.</param>
/// <param name="Chosen">How many experts see a row.</param>
/// <param name="Activation">What stands between the products.</param>
/// <param name="OutputBias">Whether down has a bias.</param>
public sealed record ExpertsHiddenGradientKernel(int Width, int OutputWidth, int Chosen, ExpertActivation Activation, bool OutputBias) : Kernel
{
    public override string Name
    {
        get
        {
            string name = $"Experts{Chosen}HiddenGradient{Width}To{OutputWidth}{(OutputBias ? "Bias" : "")}{(Activation.Gated ? "Gated" : "")}{Activation.Function}";
            if (Activation.Clamp is { } clamp)
                name += $"Clamped{NamePart(clamp)}";
            return Activation.UpOffset == 0 ? name : $"{name}UpOffset{NamePart(Activation.UpOffset)}";
        }
    }

    public override string Formula
    {
        get
        {
            string hidden = Expanded(Activation.Gated ? $"{Activation.Activated(Activation.Bounded("gate"))} ∘ {Activation.Value("up")}" : Activation.Activated("up"));
            return $"of {Chosen} experts a row: h[{Width}] = {hidden}, dw = h·dh{(OutputBias ? " + b·dy" : "")}, {(Activation.Gated ? "dgate, " : "")}dup = w · dh ∘ h′, dy = w · dy";
        }
    }

    private string Bias => OutputBias ? " float* outputBias," : "";

    private int ProjectedStride => Padded(Width) * (Activation.Gated ? 2 : 1);

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        writer.Lines(
            $$"""
            private const int Chosen = {{Chosen}};
            private const int OutputWidth = {{OutputWidth}};
            private const int ProjectedStride = {{ProjectedStride}};
            private const int HiddenStride = {{Padded(Width)}};
            private const int OutputStride = {{Padded(OutputWidth)}};
            private const int RouteStride = {{Padded(RouteKernel.RowWidth(Chosen))}};
            private const int WeightStride = {{Padded(Chosen)}};

            """);
        EmitRun(writer);
        foreach (VectorWidth width in VectorWidth.All)
            EmitHidden(writer, width);
    }

    private void EmitRun(CodeWriter writer)
    {
        using IDisposable method = writer.Block($"{Optimized}\npublic static void Run(float* routes, float* projected, float* hiddenGradient, float* outputGradient,{Bias} float* weightGradient, int rows, Worker worker)");
        writer.Lines("(int first, int end) = worker.Share(rows);");
        using IDisposable rowLoop = writer.Block("for (int row = first; row < end; row++)");
        writer.Lines(
            """
            float* route = routes + (long)row * RouteStride, weights = route + Chosen, dw = weightGradient + (long)row * WeightStride;
            int* places = (int*)(weights + Chosen);
            """);
        using IDisposable slotLoop = writer.Block("for (int slot = 0; slot < Chosen; slot++)");
        writer.Lines(
            $"""
            long place = places[slot];
            float weight = weights[slot];
            float* p = projected + place * ProjectedStride, dh = hiddenGradient + place * HiddenStride;
            {VectorWidth.Branch(width => $"dw[slot] = Hidden{width.Bits}(p, dh, weight);")}
            var dy = new Span<float>(outputGradient + place * OutputStride, OutputWidth);
            """);
        if (OutputBias)
            writer.Lines("dw[slot] += TensorPrimitives.Dot(new ReadOnlySpan<float>(outputBias + ((int*)route)[slot] * OutputStride, OutputWidth), dy);");
        writer.Lines("TensorPrimitives.Multiply(dy, weight, dy);");
    }

    private void EmitHidden(CodeWriter writer, VectorWidth width)
    {
        string v = width.Class, t = width.Type;
        writer.Line();
        using IDisposable method = writer.Block($"{Optimized}\nprivate static float Hidden{width.Bits}(float* p, float* dh, float weight)");
        writer.Lines($"{t} dot = {t}.Zero;");
        using (writer.Block("for (int i = 0; i < HiddenStride; i += 16)"))
        {
            for (int part = 0; part < width.VectorsPerPanel; part++)
            {
                string plus = part == 0 ? "" : $" + {part * width.Lanes}";
                using IDisposable scope = writer.Block("");
                writer.Lines($"{t} d = {v}.Load(dh + i{plus});");
                writer.Lines((Activation.Gated ? GatedLines(plus) : PlainLines(plus)).Replace("{V}", v).Replace("{T}", t));
            }
        }
        writer.Lines($"return {v}.Sum(dot);");
    }

    private string PlainLines(string plus) =>
        $$"""
        {T} up = {V}.Load(p + i{{plus}});
        {T} hidden = {{Activation.Activated("up")}};
        dot += hidden * d;
        hidden.Store(dh + i{{plus}});
        ({{Activation.Derivative("up", "hidden")}} * d * weight).Store(p + i{{plus}});
        """;

    private string GatedLines(string plus) =>
        $$"""
        {T} gate = {V}.Load(p + 2 * i{{plus}}), up = {V}.Load(p + 2 * i + 16{{plus}});
        {T} bounded = {{Activation.Bounded("gate")}}, value = {{Activation.Value("up")}};
        {T} activated = {{Activation.Activated("bounded")}};
        {T} hidden = activated * value;
        dot += hidden * d;
        d *= weight;
        hidden.Store(dh + i{{plus}});
        ({{Activation.ThroughGateBound("gate", $"{Activation.Derivative("bounded", "activated")} * value * d")}}).Store(p + 2 * i{{plus}});
        ({{Activation.ThroughUpBounds("up", "activated * d")}}).Store(p + 2 * i + 16{{plus}});
        """;

    private static string Expanded(string text) => text.Replace("VectorMath.", "").Replace("{V}.Create", "").Replace("{V}.", "");
}
