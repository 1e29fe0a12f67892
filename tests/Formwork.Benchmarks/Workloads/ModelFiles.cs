using Formwork.Compiler;
using Formwork.Compiler.Spec;
using Formwork.TestSupport;

namespace Formwork.Benchmarks.Workloads;

/// <summary>The specs in <c>models/</c>.</summary>
public static class ModelFiles
{
    private static string Root => Path.Combine(TestData.Repository, "models");

    /// <summary>The spec of a model with a folder of its own, by the folder's name, as written.</summary>
    public static ModelText Text(string name) => Read(Directory.GetFiles(Path.Combine(Root, name), "*.model.yaml").Single());

    /// <summary>A spec in <c>models/families/</c>, by its name there, as written.</summary>
    public static ModelText Family(string name) => Read(Path.Combine(Root, "families", $"{name}.model.yaml"));

    /// <summary>A spec, parsed.</summary>
    /// <exception cref="InvalidOperationException">It has errors.</exception>
    public static ModelSpec Spec(ModelText text)
    {
        var parsed = ModelCompiler.Parse(text);
        return parsed.Spec ?? throw new InvalidOperationException($"{text.Path}: {string.Join("\n", parsed.Diagnostics)}");
    }

    private static ModelText Read(string path) => new(Path.GetFileName(path), File.ReadAllText(path));
}
