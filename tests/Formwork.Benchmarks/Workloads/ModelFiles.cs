using Formwork.Compiler;
using Formwork.Compiler.Spec;
using Formwork.TestSupport;

namespace Formwork.Benchmarks.Workloads;

/// <summary>The specs in <c>models/</c>, by their folder's name.</summary>
public static class ModelFiles
{
    /// <summary>A model's spec as written.</summary>
    public static ModelText Text(string name)
    {
        var path = Directory.GetFiles(Path.Combine(TestData.Repository, "models", name), "*.model.yaml").Single();
        return new ModelText(Path.GetFileName(path), File.ReadAllText(path));
    }

    /// <summary>A spec, parsed.</summary>
    /// <exception cref="InvalidOperationException">It has errors.</exception>
    public static ModelSpec Spec(ModelText text)
    {
        var parsed = ModelCompiler.Parse(text);
        return parsed.Spec ?? throw new InvalidOperationException($"{text.Path}: {string.Join("\n", parsed.Diagnostics)}");
    }
}
