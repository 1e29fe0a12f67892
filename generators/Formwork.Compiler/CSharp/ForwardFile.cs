using Formwork.Compiler.Graph;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.CSharp;

/// <summary>The passes themselves: the transformer as a reader knows it, a method for each part of each layer.</summary>
internal static class ForwardFile
{
    public static string Emit(ModelPlan plan)
    {
        string concern = plan.Graph.Outputs.ContainsKey(GraphOutput.Logits) ? "the pass from token ids to logits" : "the pass from token ids to states";
        CodeWriter writer = GeneratedHeader.Begin(plan.Graph.Spec, concern, nullable: false, "Formwork.Runtime.Models", "Formwork.Runtime.Threading");
        using (writer.Block($"public sealed unsafe partial class {plan.Graph.Spec.Name}"))
        {
            bool first = true;
            foreach (PlannedPass pass in plan.Passes)
            {
                if (!first)
                    writer.Line();
                first = false;
                EmitPass(writer, pass);
                foreach (PlanSection section in pass.Sections)
                    EmitSection(writer, section);
            }
        }
        return writer.ToString();
    }

    private static void EmitPass(CodeWriter writer, PlannedPass pass)
    {
        writer.Lines("/// <inheritdoc/>");
        using IDisposable method = writer.Block($"protected override void {pass.Name}(Batch batch, Worker worker)");
        foreach (PlanSection section in pass.Sections)
        {
            string? condition = section.Output is { } output ? $"batch.Wanted == PassOutput.{output}" : section.OfOutputs ? "batch.Outputs > 0" : null;
            if (section.Output is not null && section.OfOutputs)
                condition += " && batch.Outputs > 0";
            if (condition is not null)
                writer.Lines($"if ({condition})");
            writer.Lines($"{(condition is null ? "" : "    ")}{Names.CSharp(section.Path)}(batch, worker);");
        }
    }

    private static void EmitSection(CodeWriter writer, PlanSection section)
    {
        writer.Line();
        writer.Lines($"/// <summary>{section.Summary}</summary>");
        using IDisposable method = writer.Block($"private void {Names.CSharp(section.Path)}(Batch batch, Worker worker)");
        foreach (PlannedBuffer buffer in section.Steps.SelectMany(step => step.Buffers).Distinct())
            writer.Lines($"float* {buffer.Name} = batch.Buffer({buffer.Offset}); // [rows, {buffer.Width}]");
        foreach (PlanStep step in section.Steps)
        {
            writer.Line();
            writer.Lines($"// {step.Path}: {step.Kernel.Formula}");
            writer.Lines($"{step.Kernel.Name}.Run({step.Kernel.CallCSharp(step)}, worker);");
            writer.Lines("worker.Synchronize();");
        }
    }
}
