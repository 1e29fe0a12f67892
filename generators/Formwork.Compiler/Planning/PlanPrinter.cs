using System.Text;
using Formwork.Compiler.CSharp;

namespace Formwork.Compiler.Planning;

/// <summary>A plan as text: sections and steps with kernels, buffers and offsets, then what memory it takes.</summary>
public static class PlanPrinter
{
    public static string Print(ModelPlan plan)
    {
        var text = new StringBuilder();
        text.Append($"plan {plan.Graph.Spec.Name}\n");
        text.Append($"  weights      {Bytes(plan.WeightFloats)}\n");
        text.Append($"  tables       {Bytes(plan.TableFloats)}\n");
        text.Append($"  activations  {Bytes(plan.ActivationFloats)} a token\n");
        if (plan.CacheSegments.Count > 0)
            text.Append($"  cache        {Bytes(plan.CacheFloats)} a sequence, {Bytes(plan.CachePositionFloats)} a token\n");
        if (plan.MemorySegments.Count > 0)
            text.Append($"  memory       {Bytes(plan.MemoryFloats)} a source, {Bytes(plan.MemorySegments.Sum())} a token\n");
        if (plan.ScratchPositionFloats > 0)
            text.Append($"  scratch      {Bytes(plan.ScratchPositionFloats)} of keys and values a token of a pass\n");
        text.Append($"  work         {CSharpLiteral.Grouped(plan.FlopsPerToken)} flops a token\n");
        foreach (PlannedPass pass in plan.Passes)
            PrintPass(text, pass, plan.Passes.Count > 1 ? $" of {pass.Name}" : "");
        return text.ToString();
    }

    private static void PrintPass(StringBuilder text, PlannedPass pass, string of)
    {
        if (of.Length > 0)
            text.Append($"pass {pass.Name}\n");
        int index = 0;
        foreach (PlanSection section in pass.Sections)
        {
            text.Append($"{section.Path}: {section.Summary}\n");
            foreach (PlanStep step in section.Steps)
            {
                string others = string.Concat(step.Others.Select(buffer => $", {Operand(buffer, "")}"));
                text.Append($"  {index++,3} {step.Kernel.Name}: {Operand(step.Input, "ids")}{others} → {Operand(step.Output, step.Cache is null ? "result" : "cache")}{WeightText(step)}{CacheText(step)}  # {step.Path}\n");
            }
        }
        text.Append($"buffers{of}\n");
        foreach (PlannedBuffer buffer in pass.Buffers)
            text.Append($"  {buffer.Name} [rows, {buffer.Width}] at {buffer.Offset}..{buffer.Offset + buffer.Stride}, steps {buffer.FirstStep}..{buffer.LastStep}\n");
    }

    private static string Operand(PlannedBuffer? buffer, string otherwise) => buffer is null ? otherwise : $"{buffer.Name}@{buffer.Offset}";

    private static string WeightText(PlanStep step) => string.Concat(step.Weights.Select(weight => $", {weight.Path}@{weight.Offset}"));

    private static string CacheText(PlanStep step) => step.Cache is null ? "" : $", keys@{step.Cache.Keys}, values@{step.Cache.Values}";

    private static string Bytes(long floats) => $"{CSharpLiteral.Grouped(floats * sizeof(float))} bytes";
}
