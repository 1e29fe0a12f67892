using Formwork.Compiler.Planning;
using Formwork.Compiler.Planning.Training;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.CSharp;

/// <summary>The kernels, once each, for the model's dimensions.</summary>
internal static class KernelsFile
{
    public static string Emit(ModelPlan plan) => Emit(plan.Graph.Spec, "kernels for its dimensions", plan.Kernels);

    /// <summary>The kernels that training needs besides.</summary>
    public static string EmitTraining(TrainingPlan plan) => Emit(plan.Inference.Graph.Spec, "further kernels, for training", plan.Kernels, "Formwork.Runtime.Training");

    private static string Emit(ModelSpec spec, string concern, IEnumerable<Kernel> kernels, params string[] namespaces)
    {
        CodeWriter writer = GeneratedHeader.Begin(
            spec, concern, nullable: false,
            ["System", "System.Numerics.Tensors", "System.Runtime.CompilerServices", "System.Runtime.Intrinsics", "Formwork.Runtime.Kernels", "Formwork.Runtime.Models", "Formwork.Runtime.Threading", .. namespaces]);
        using (writer.Block($"public sealed unsafe partial class {spec.Name}"))
        {
            bool first = true;
            foreach (Kernel kernel in kernels)
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
