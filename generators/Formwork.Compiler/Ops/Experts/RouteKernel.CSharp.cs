using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <content>The emitted C#: scores in vectors, then the choice number by number.</content>
public sealed partial record RouteKernel
{
    private string BiasParameter => SelectionBias ? " float* bias," : "";

    /// <summary>Whether the choice is by other numbers than the scores.</summary>
    private bool ChoosesByOwn => SelectionBias || Groups > 1;

    public override string CallCSharp(PlanStep step)
    {
        string bias = string.Concat(step.Weights.Select(weight => $"Weights + {Names.CSharp(weight.Path)}, "));
        return $"{step.Input!.Name}, {bias}{step.Output!.Name}, batch.Rows";
    }

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        writer.Lines(
            $"""
            private const int Experts = {Count};
            private const int Chosen = {Chosen};
            private const int InputStride = {Padded(Count)};
            private const int OutputStride = {Padded(RowWidth(Chosen))};
            """);
        if (Groups > 1)
        {
            writer.Lines(
                $"""
                private const int Groups = {Groups};
                private const int ChosenGroups = {ChosenGroups};
                private const int GroupSize = {Count / Groups};
                """);
        }
        if (Scale != 1)
            writer.Lines($"private const float Scale = {CSharpLiteral.Float(Scale)};");
        EmitRun(writer);
        foreach (VectorWidth width in VectorWidth.All)
            EmitScores(writer, width);
        if (ChoosesByOwn)
            EmitChoose(writer);
        EmitBest(writer);
        EmitWeigh(writer);
    }

    private void EmitRun(CodeWriter writer)
    {
        writer.Line();
        using IDisposable method = writer.Block($"{Optimized}\npublic static void Run(float* input,{BiasParameter} float* output, int rows, Worker worker)");
        writer.Lines("(int first, int end) = worker.Share(rows);");
        using IDisposable loop = writer.Block("for (int row = first; row < end; row++)");
        writer.Lines(
            $"""
            float* scores = input + (long)row * InputStride, y = output + (long)row * OutputStride;
            {VectorWidth.Branch(width => $"Scores{width.Bits}(scores);")}
            {(ChoosesByOwn ? $"Choose(scores,{(SelectionBias ? " bias," : "")} (int*)y);" : "Best(scores, Experts, Chosen, (int*)y);")}
            new Span<int>(y, Chosen).Sort();
            Weigh(scores, (int*)y, y + Chosen);
            """);
    }

    private void EmitScores(CodeWriter writer, VectorWidth width)
    {
        string v = width.Class, step = $"for (int i = 0; i < InputStride; i += {width.Lanes})";
        writer.Line();
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void Scores{width.Bits}(float* scores)");
        if (Score == RouterScore.Sigmoid)
        {
            writer.Lines($"{step}\n    VectorMath.Sigmoid({v}.Load(scores + i)).Store(scores + i);");
            return;
        }
        if (Count % Lanes != 0)
        {
            writer.Lines(
                """
                // What fills the last vectors up has no share.
                for (int i = Experts; i < InputStride; i++)
                    scores[i] = float.NegativeInfinity;
                """);
        }
        writer.Lines(
            $$"""
            {{width.Type}} largestOfLane = {{v}}.Load(scores);
            for (int i = {{width.Lanes}}; i < InputStride; i += {{width.Lanes}})
                largestOfLane = {{v}}.Max(largestOfLane, {{v}}.Load(scores + i));
            {{width.Type}} largest = {{v}}.Create(VectorMath.Largest(largestOfLane)), sumOfLane = {{width.Type}}.Zero;
            {{step}}
            {
                {{width.Type}} power = VectorMath.Exp({{v}}.Load(scores + i) - largest);
                power.Store(scores + i);
                sumOfLane += power;
            }
            float share = 1 / {{v}}.Sum(sumOfLane);
            {{step}}
                ({{v}}.Load(scores + i) * share).Store(scores + i);
            """);
    }

    private void EmitChoose(CodeWriter writer)
    {
        writer.Line();
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void Choose(float* scores,{BiasParameter} int* chosen)");
        writer.Lines(
            $"""
            float* choice = stackalloc float[Experts];
            for (int expert = 0; expert < Experts; expert++)
                choice[expert] = scores[expert]{(SelectionBias ? " + bias[expert]" : "")};
            """);
        if (Groups > 1)
            EmitGroups(writer);
        writer.Lines("Best(choice, Experts, Chosen, chosen);");
    }

    private void EmitGroups(CodeWriter writer)
    {
        bool two = GroupScore == GroupScore.TwoLargest && Count / Groups > 1;
        writer.Lines(
            $$"""

            // A group counts as much as its {{(two ? "two best experts" : "best expert")}}.
            float* groups = stackalloc float[Groups];
            for (int group = 0; group < Groups; group++)
            {
                float* members = choice + group * GroupSize;
                float largest = float.NegativeInfinity{{(two ? ", second = float.NegativeInfinity" : "")}};
                for (int i = 0; i < GroupSize; i++)
                {{(two ? "    (largest, second) = members[i] > largest ? (members[i], largest) : (largest, MathF.Max(second, members[i]));" : "    largest = MathF.Max(largest, members[i]);")}}
                groups[group] = largest{{(two ? " + second" : "")}};
            }
            int* best = stackalloc int[ChosenGroups];
            Best(groups, Groups, ChosenGroups, best);
            for (int group = 0; group < Groups; group++)
            {
                if (!new ReadOnlySpan<int>(best, ChosenGroups).Contains(group))
                    new Span<float>(choice + group * GroupSize, GroupSize).Fill(float.NegativeInfinity);
            }

            """);
    }

    private static void EmitBest(CodeWriter writer)
    {
        writer.Line();
        writer.Lines(
            $$"""
            // Where the largest numbers are, the largest first, of equals the first one first.
            {{Optimized}}
            private static void Best(float* numbers, int count, int wanted, int* best)
            {
                for (int i = 0; i < count; i++)
                {
                    int at = i;
                    if (i >= wanted)
                    {
                        at = wanted - 1;
                        if (!(numbers[i] > numbers[best[at]]))
                            continue;
                    }
                    for (; at > 0 && numbers[i] > numbers[best[at - 1]]; at--)
                        best[at] = best[at - 1];
                    best[at] = i;
                }
            }
            """);
    }

    private void EmitWeigh(CodeWriter writer)
    {
        writer.Line();
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void Weigh(float* scores, int* chosen, float* weights)");
        string factor = "";
        if (Renormalize)
        {
            writer.Lines(
                $"""
                float sum = 0;
                for (int slot = 0; slot < Chosen; slot++)
                    sum += scores[chosen[slot]];
                """);
            factor = $" / {(SumCanVanish ? "(sum + 1e-20f)" : "sum")}";
        }
        if (Scale != 1)
            factor += " * Scale";
        writer.Lines(
            $"""
            for (int slot = 0; slot < Chosen; slot++)
                weights[slot] = scores[chosen[slot]]{factor};
            """);
    }
}
