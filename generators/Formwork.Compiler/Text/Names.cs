using System.Globalization;
using System.Text;

namespace Formwork.Compiler.Text;

/// <summary>Spec paths as identifiers: <c>layers.3.attention.query</c> is <c>Layer03AttentionQuery</c> in C#.</summary>
public static class Names
{
    /// <summary>The C# name of a path. Layer numbers get two digits or more, so that names sort as the layers stand.</summary>
    public static string CSharp(string path)
    {
        var name = new StringBuilder();
        string[] parts = path.Split('.', '_');
        for (int index = 0; index < parts.Length; index++)
        {
            string part = parts[index];
            if (part == "layers")
                part = "layer";
            name.Append(int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number.ToString("D2", CultureInfo.InvariantCulture)
                : char.ToUpperInvariant(part[0]) + part.Substring(1));
        }
        return name.ToString();
    }

    /// <summary>A word of a path as a local: <c>key_value_up</c> is <c>keyValueUp</c>.</summary>
    public static string CamelCase(string word)
    {
        string name = CSharp(word);
        return char.ToLowerInvariant(name[0]) + name.Substring(1);
    }

    /// <summary>The path without its layer's number: <c>layers.attention.query.weight</c>, as weight layouts name parameters.</summary>
    public static string WithoutLayer(string path, out int? layer)
    {
        layer = null;
        string[] parts = path.Split('.');
        int at = Array.IndexOf(parts, "layers") + 1;
        if (at == 0 || at == parts.Length || !int.TryParse(parts[at], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return path;
        layer = number;
        return string.Join(".", parts.Where((_, index) => index != at));
    }
}
