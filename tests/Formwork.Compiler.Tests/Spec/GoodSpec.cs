using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Tests.Spec;

/// <summary>A small spec without faults, and ways to change it.</summary>
internal static class GoodSpec
{
    public const string Text = """
        model: Tiny
        architecture: decoder-only
        vocabulary: 100
        context: 32
        width: 48
        layers: 2
        attention: {heads: 4}
        feed_forward: {width: 96, activation: gelu}
        norm: {kind: layer}

        """;

    /// <summary>The text with other lines for some keys of the file, and new keys at its end.</summary>
    public static string With(params string[] entries)
    {
        string text = Text;
        foreach (string entry in entries)
        {
            string key = entry[..(entry.IndexOf(':') + 1)].Replace("«", "").Replace("»", "");
            int start = ("\n" + text).IndexOf("\n" + key, StringComparison.Ordinal);
            text = start < 0
                ? $"{text}{entry}\n"
                : $"{text[..start]}{entry}{text[text.IndexOf('\n', start)..]}";
        }
        return text;
    }

    /// <summary>The text without the line of a key.</summary>
    public static string Without(string key) =>
        string.Join('\n', Text.Split('\n').Where(line => !line.StartsWith(key + ":", StringComparison.Ordinal)));

    /// <summary>Parses a text under a fixed path.</summary>
    public static ParsedModel Parse(string text) => SpecParser.Parse(new ModelText("tiny.model.yaml", text));

    /// <summary>Parses a text that has to be without findings.</summary>
    public static ModelSpec Resolve(string text)
    {
        ParsedModel parsed = Parse(text);
        Xunit.Assert.Empty(parsed.Diagnostics);
        return Xunit.Assert.IsType<ModelSpec>(parsed.Spec);
    }

    /// <summary>Parses the good spec with some entries changed, and gives its first layer.</summary>
    public static LayerSpec Layer(params string[] entries) => Resolve(With(entries)).Decoder!.Layers[0];

    /// <summary>The ids of a text's findings.</summary>
    public static IEnumerable<string> Ids(string text) => Parse(text).Diagnostics.Select(found => found.Kind.Id);
}
