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
        if (spec.SourceVocabulary is { } source)
            Line("source_vocabulary", $"{source}");
        Line("width", $"{spec.Width}");
        if (spec is { Encoder: { } encoder, Decoder: { } decoder })
        {
            text.Append("encoder:\n").Append(StackPrinter.Print(encoder, "  "));
            text.Append("decoder:\n").Append(StackPrinter.Print(decoder, "  "));
        }
        else
            text.Append(StackPrinter.Print((spec.Encoder ?? spec.Decoder)!, ""));
        Line("embedding", Embedding(spec));
        foreach ((string key, YamlFlow head) in HeadsPrinter.Print(spec))
            Line(key, head.ToString());
        text.Append(LayoutPrinter.PrintWeights(spec.Weights));
        Line("tokenizer", Tokenizer(spec.Tokenizer));
        if (spec.Generation != new GenerationSpec())
            Line("generation", Generation(spec.Generation).ToString());
        if (spec.Training is { } training)
            Line("training", Training(training).ToString());
        return text.ToString();
    }

    private static YamlFlow Training(TrainingSpec training) => new()
    {
        {
            "dropout",
            new YamlFlow
            {
                { "embedding", training.EmbeddingDropout }, { "residual", training.ResidualDropout }, { "attention", training.AttentionDropout }, { "activation", training.ActivationDropout },
            }.ToString()
        },
        { "recompute", SpecNames.Recomputes.Name(training.Recompute) },
    };

    private static string Embedding(ModelSpec spec)
    {
        bool isRoot = spec.Embedding.Scale != 1 && spec.Embedding.Scale == Math.Sqrt(spec.Width);
        var flow = new YamlFlow
        {
            { "tied", spec.Unembedding?.Tied ?? true },
            { "scale", isRoot ? SpecNames.EmbeddingScales.Name(EmbeddingScale.SqrtWidth) : YamlFlow.Number(spec.Embedding.Scale) },
        };
        if ((spec.Encoder ?? spec.Decoder)!.EmbeddingNorm is not null)
            flow.Add("norm", true);
        if (spec.Embedding.TokenTypes > 0)
            flow.Add("token_types", spec.Embedding.TokenTypes);
        if (spec.Architecture == Architecture.EncoderDecoder)
            flow.Add("shared", spec.Embedding.Shared);
        return flow.ToString();
    }

    private static YamlFlow Generation(GenerationSpec generation)
    {
        var flow = new YamlFlow();
        void Add(string key, double? value)
        {
            if (value is { } number)
                flow.Add(key, YamlFlow.Number(number));
        }

        Add("start", generation.Start);
        flow.Add("forced_first", YamlFlow.List(generation.ForcedFirst.Select(token => $"{token}")));
        flow.Add("suppressed", YamlFlow.List(generation.Suppressed.Select(token => $"{token}")));
        Add("temperature", generation.Temperature);
        Add("top_k", generation.TopK);
        Add("top_p", generation.TopP);
        Add("repetition_penalty", generation.RepetitionPenalty);
        Add("beams", generation.Beams);
        Add("length_penalty", generation.LengthPenalty);
        return flow;
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
