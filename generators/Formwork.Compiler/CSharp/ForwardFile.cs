using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.CSharp;

/// <summary>The pass itself: the transformer as a reader knows it, a method for each part of each layer.</summary>
internal static class ForwardFile
{
    public static string Emit(ModelPlan plan)
    {
        CodeWriter writer = GeneratedHeader.Begin(
            plan.Graph.Spec, "the pass from token ids to logits", nullable: false, "Formwork.Runtime.Models", "Formwork.Runtime.Threading");
        using (writer.Block($"public sealed unsafe partial class {plan.Graph.Spec.Name}"))
        {
            EmitForward(writer, plan);
            foreach (PlanSection section in plan.Sections)
                EmitSection(writer, section);
        }
        return writer.ToString();
    }

    private static void EmitForward(CodeWriter writer, ModelPlan plan)
    {
        writer.Lines("/// <inheritdoc/>");
        using IDisposable method = writer.Block("protected override void Forward(Batch batch, Worker worker)");
        foreach (PlanSection section in plan.Sections)
        {
            if (section == plan.Sections[plan.Sections.Count - 1])
                writer.Lines("if (batch.Outputs > 0)");
            string indent = section == plan.Sections[plan.Sections.Count - 1] ? "    " : "";
            writer.Lines($"{indent}{Names.CSharp(section.Path)}(batch, worker);");
        }
    }

    private static void EmitSection(CodeWriter writer, PlanSection section)
    {
        writer.Line();
        writer.Lines($"/// <summary>{section.Summary}</summary>");
        using IDisposable method = writer.Block($"private void {Names.CSharp(section.Path)}(Batch batch, Worker worker)");
        IEnumerable<PlannedBuffer> buffers = section.Steps.SelectMany(step => new[] { step.Input, step.Output }).OfType<PlannedBuffer>().Distinct();
        foreach (PlannedBuffer buffer in buffers)
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
