using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.CSharp;

/// <summary>Plan → C#: four files a model, one a concern.</summary>
public static class CSharpEmitter
{
    /// <summary>Emits a model's files.</summary>
    public static EquatableArray<GeneratedFile> Emit(ModelPlan plan)
    {
        string name = plan.Graph.Spec.Name;
        return new[]
        {
            new GeneratedFile($"{name}.g.cs", ModelFile.Emit(plan)),
            new GeneratedFile($"{name}.Forward.g.cs", ForwardFile.Emit(plan)),
            new GeneratedFile($"{name}.Kernels.g.cs", KernelsFile.Emit(plan)),
            new GeneratedFile($"{name}.Weights.g.cs", WeightsFile.Emit(plan)),
        }.ToEquatableArray();
    }
}
