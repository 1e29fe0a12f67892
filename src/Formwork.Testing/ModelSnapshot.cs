using System.Runtime.CompilerServices;
using Formwork.Testing.Generation;
using Microsoft.CodeAnalysis;

namespace Formwork.Testing;

/// <summary>
/// Runs the generator over a spec, for snapshot tests of the code that a model becomes:
/// <c>await Verify(ModelSnapshot.Generate("my.model.yaml"));</c>.
/// </summary>
public static class ModelSnapshot
{
    /// <summary>Generates a spec's code.</summary>
    /// <param name="yamlPath">The spec; a relative path starts at the calling source file's folder.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    /// <returns>The driver, to be verified; it holds the files and the diagnostics.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static GeneratorDriver Generate(string yamlPath, [CallerFilePath] string sourceFile = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(sourceFile) ?? "", yamlPath);
        return GenerateText(Path.GetFileName(path), File.ReadAllText(path));
    }

    /// <summary>Generates the code of a spec that is in no file.</summary>
    /// <param name="fileName">The name that diagnostics show, ending in <c>.model.yaml</c>.</param>
    /// <param name="yaml">The spec.</param>
    /// <returns>The driver, to be verified.</returns>
    public static GeneratorDriver GenerateText(string fileName, string yaml) => new ModelProject((fileName, yaml)).Driver;
}
