using System.Collections.Concurrent;
using System.IO;
using System.Reflection;
using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Layouts;

/// <summary>The layouts that ship with the compiler: the files <c>*.layout.yaml</c> beside this class.</summary>
public static class KnownLayouts
{
    private const string Extension = ".layout.yaml";
    private const string OwnName = "formwork";
    private static readonly Assembly Assembly = typeof(KnownLayouts).Assembly;
    private static readonly ConcurrentDictionary<string, WeightLayout> Parsed = new();

    /// <summary>Their names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = Files().Append(OwnName).OrderBy(name => name, StringComparer.Ordinal).ToArray();

    private static IEnumerable<string> Files() => Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(Extension, StringComparison.Ordinal))
        .Select(name => name.Substring(0, name.Length - Extension.Length));

    /// <summary>The layout of a spec that names none: tensors are called what the compiler calls the parameters.</summary>
    public static WeightLayout Default => Find(OwnName)!;

    /// <summary>The layout of a name; null when there is none.</summary>
    /// <exception cref="InvalidOperationException">The file shipped with the compiler is broken, which is the compiler's fault.</exception>
    public static WeightLayout? Find(string name) => Names.Contains(name) ? Parsed.GetOrAdd(name, Parse) : null;

    private static WeightLayout Parse(string name)
    {
        if (name == OwnName)
            return Own();
        string file = name + Extension;
        using Stream stream = Assembly.GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        Result<WeightLayout> result = LayoutParser.Parse(new ModelText(file, reader.ReadToEnd()));
        return result.Value ?? throw new InvalidOperationException(string.Join("\n", result.Diagnostics));
    }

    /// <summary>The compiler's own names, which training writes too: there is nothing to say about them in a file.</summary>
    private static WeightLayout Own() => new(
        OwnName,
        new EquatableArray<string>([""]),
        ParameterKinds.All.OrderBy(kind => kind, StringComparer.Ordinal)
            .Select(kind => new LayoutEntry(kind, kind.Replace("layers.", "layers.{layer}."), Transposed: false, Pairing: null, Part: null, FusedParts: default))
            .ToEquatableArray(),
        default);
}
