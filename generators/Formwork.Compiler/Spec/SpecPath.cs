namespace Formwork.Compiler.Spec;

/// <summary>Paths of values in a spec, as messages show them: <c>attention.bias.query</c>, <c>layers[1].attention.heads</c>.</summary>
internal static class SpecPath
{
    /// <summary>The path of a key in a section; the file itself has the empty path.</summary>
    public static string Child(string path, string key) => path.Length == 0 ? key : path + "." + key;

    /// <summary>A path for people.</summary>
    public static string Show(string path) => path.Length == 0 ? "the file" : $"`{path}`";
}
