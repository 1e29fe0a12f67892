using Formwork.Compiler.Planning;
using Formwork.Compiler.Planning.Training;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.CSharp;

/// <summary>Plan → C#: four files a model, one a concern, and two more for one that learns.</summary>
public static class CSharpEmitter
{
    /// <summary>Emits a model's files.</summary>
    /// <param name="plan">The passes that infer.</param>
    /// <param name="training">The pass that learns; null for a model that does not.</param>
    public static EquatableArray<GeneratedFile> Emit(ModelPlan plan, TrainingPlan? training = null)
    {
        string name = plan.Graph.Spec.Name;
        var files = new List<GeneratedFile>
        {
            new GeneratedFile($"{name}.g.cs", ModelFile.Emit(plan)),
            new GeneratedFile($"{name}.Forward.g.cs", ForwardFile.Emit(plan)),
            new GeneratedFile($"{name}.Kernels.g.cs", KernelsFile.Emit(plan)),
            new GeneratedFile($"{name}.Weights.g.cs", WeightsFile.Emit(plan)),
        };
        if (training is not null)
        {
            files.Add(new GeneratedFile($"{name}.Training.g.cs", TrainingFile.Emit(training)));
            files.Add(new GeneratedFile($"{name}.TrainingKernels.g.cs", KernelsFile.EmitTraining(training)));
        }
        return files.ToEquatableArray();
    }
}
