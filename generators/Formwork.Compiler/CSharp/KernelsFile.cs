using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.CSharp;

/// <summary>The kernels, once each, for the model's dimensions.</summary>
internal static class KernelsFile
{
    public static string Emit(ModelPlan plan)
    {
        CodeWriter writer = GeneratedHeader.Begin(
            plan.Graph.Spec, "kernels for its dimensions", nullable: false, "System", "System.Numerics.Tensors", "System.Runtime.CompilerServices", "System.Runtime.Intrinsics",
            "Formwork.Runtime.Kernels", "Formwork.Runtime.Models", "Formwork.Runtime.Threading");
        using (writer.Block($"public sealed unsafe partial class {plan.Graph.Spec.Name}"))
        {
            bool first = true;
            foreach (Kernel kernel in plan.Kernels)
            {
                if (!first)
                    writer.Line();
                first = false;
                kernel.EmitCSharp(writer);
            }
        }
        return writer.ToString();
    }
}
