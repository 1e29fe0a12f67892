using System.Reflection;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Models;
using Formwork.Runtime.Weights;
using Formwork.TestSupport.Compilation;

namespace Formwork.Training.Tests.Learning;

/// <summary>Compiles a spec, with training, and draws its first weights.</summary>
internal static class LearningModel
{
    /// <summary>A model that has learned nothing yet.</summary>
    public static TransformerModel Create(ModelSpec spec, Initialization initialization = Initialization.Gpt2, int seed = 1, int threads = 1)
    {
        ModelSpec learning = spec with { Training = spec.Training ?? new TrainingSpec() };
        return Create(InMemoryCompiler.Compile(learning).Assembly, spec.Name, initialization, seed, threads);
    }

    /// <summary>The same of a model that is compiled already.</summary>
    public static TransformerModel Create(Assembly assembly, string name, Initialization initialization = Initialization.Gpt2, int seed = 1, int threads = 1)
    {
        Type type = assembly.GetType($"Formwork.Models.{name}", throwOnError: true)!;
        MethodInfo initialized = type.GetMethod("Initialized") ?? throw new MissingMethodException(type.FullName, "Initialized");
        return (TransformerModel)initialized.Invoke(null, [seed, initialization, new LoadOptions { Threads = threads }])!;
    }
}
