using System.Text;
using Formwork.Compiler.Spec.Keys;
using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec;

/// <summary>
/// Prints a spec as the YAML that says everything: defaults written out, overrides applied, layers that are alike in one group.
/// Parsing the print gives an equal spec.
/// </summary>
public static class SpecPrinter
{
    /// <summary>The spec as YAML, lines ended by <c>\n</c>, the same in every culture.</summary>
    public static string Print(ModelSpec spec)
    {
        var text = new StringBuilder();
        void Line(string key, string value) => text.Append(key).Append(": ").Append(value).Append('\n');

        Line("model", spec.Name);
        Line("architecture", SpecNames.Architectures.Name(spec.Architecture));
        Line("vocabulary", $"{spec.Vocabulary}");
        Line("width", $"{spec.Width}");
        if (spec is { Encoder: { } encoder, Decoder: { } decoder })
        {
            text.Append("encoder:\n").Append(StackPrinter.Print(encoder, "  "));
            text.Append("decoder:\n").Append(StackPrinter.Print(decoder, "  "));
        }
        else
            text.Append(StackPrinter.Print((spec.Encoder ?? spec.Decoder)!, ""));
        Line("embedding", Embedding(spec));
        Line("unembedding", new YamlFlow { { "bias", spec.Unembedding.Bias } }.ToString());
        text.Append(LayoutPrinter.PrintWeights(spec.Weights));
        Line("tokenizer", Tokenizer(spec.Tokenizer));
        return text.ToString();
    }

    private static string Embedding(ModelSpec spec)
    {
        bool isRoot = spec.Embedding.Scale != 1 && spec.Embedding.Scale == Math.Sqrt(spec.Width);
        return new YamlFlow
        {
            { "tied", spec.Unembedding.Tied },
            { "scale", isRoot ? SpecNames.EmbeddingScales.Name(EmbeddingScale.SqrtWidth) : YamlFlow.Number(spec.Embedding.Scale) },
        }.ToString();
    }

    private static string Tokenizer(TokenizerSpec tokenizer)
    {
        var flow = new YamlFlow { { "kind", SpecNames.Tokenizers.Name(tokenizer.Kind) } };
        if (tokenizer.File is { } file)
            flow.Add("file", YamlFlow.Text(file));
        if (tokenizer.MergesFile is { } merges)
            flow.Add("merges_file", YamlFlow.Text(merges));
        if (tokenizer.BeginToken is { } begin)
            flow.Add("begin", begin);
        flow.Add("end", YamlFlow.List(tokenizer.EndTokens.Select(token => $"{token}")));
        return flow.ToString();
    }
}
