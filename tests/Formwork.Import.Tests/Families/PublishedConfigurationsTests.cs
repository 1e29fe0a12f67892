using Formwork.Compiler;
using Formwork.Compiler.Spec;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Import.Tests.Families;

/// <summary>
/// Published checkpoints' configurations, in their own shape, mean what the specs in models/families say, which were written apart from them.
/// </summary>
public sealed class PublishedConfigurationsTests
{
    private static string Configurations => Path.Combine(TestData.Repository, "tests", "Formwork.Import.Tests", "Families", "Configurations");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Configurations).Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Names))]
    public void ConfigurationMeansTheFamilysSpec(string name)
    {
        ModelSpec expected = Family(name);
        using FolderOnDisk folder = Folder(name, expected);

        ImportedModel imported = HuggingFaceFolder.Import(folder.Path, expected.Name);

        ModelSpec found = imported.Spec;
        Assert.True(Essence(expected, found) == Essence(found, found),
            $"expected\n{SpecPrinter.Print(Essence(expected, found))}\nfound\n{SpecPrinter.Print(Essence(found, found))}\nwritten as\n{imported.Text.Text}");
    }

    [Fact]
    public void EveryModelTypeHasOne()
    {
        string[] types = [.. Directory.GetFiles(Configurations).Select(path => System.Text.Json.JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("model_type").GetString()!)];
        Assert.Equal(["camembert", "mt5", "qwen2_moe"], HuggingFaceFolder.ModelTypes.Except(types));
    }

    private static ModelSpec Family(string name)
    {
        string path = Path.Combine(TestData.Repository, "models", "families", name + ".model.yaml");
        return SpecParser.Parse(new ModelText(path, File.ReadAllText(path))).Spec!;
    }

    // The files whose presence alone says something.
    private static FolderOnDisk Folder(string name, ModelSpec expected)
    {
        var folder = new FolderOnDisk(File.ReadAllText(Path.Combine(Configurations, name + ".json")));
        if (expected.Tokenizer.Kind == TokenizerKind.Marian)
            folder.With("source.spm", "").With("target.spm", "").With("vocab.json", "{}");
        else if (expected.Tokenizer.Kind == TokenizerKind.TokenizerJson)
            folder.With("tokenizer.json", """{"post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}]}}""");
        if (expected.Tokenizer.BeginToken is null)
            folder.With("tokenizer_config.json", """{"add_bos_token": false}""");
        if (expected.Generation.Temperature is not null)
            folder.With("generation_config.json", Sampling(expected));
        if (name == "mbart-large-50") // whose stored bias is all zeros, and which is counted without
            folder.WithTensors("model.shared.weight");
        if (name == "gemma-3-4b")
            folder.With("generation_config.json", """{"bos_token_id": 2, "eos_token_id": [1, 106]}""");
        if (expected.Pooling.Kind == PoolingKind.First)
            folder.With("1_Pooling/config.json", """{"word_embedding_dimension": 384, "pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}""");
        return folder;
    }

    private static string Sampling(ModelSpec expected)
    {
        string topK = expected.Generation.TopK is { } k ? $", \"top_k\": {k}" : "";
        return FormattableString.Invariant(
            $"{{\"do_sample\": true, \"temperature\": {expected.Generation.Temperature}, \"top_p\": {expected.Generation.TopP}{topK}, \"eos_token_id\": [{string.Join(", ", expected.Tokenizer.EndTokens)}]}}");
    }

    // Factors that a file gives as float32, and layouts chosen by the tensors' names, are not what these folders are about; ends that only
    // generation_config.json has neither.
    private static ModelSpec Essence(ModelSpec spec, ModelSpec found)
    {
        bool fewerEnds = found.Tokenizer.EndTokens.All(spec.Tokenizer.EndTokens.Contains) || spec.Tokenizer.EndTokens.All(found.Tokenizer.EndTokens.Contains);
        return spec with
        {
            Tokenizer = fewerEnds ? spec.Tokenizer with { EndTokens = found.Tokenizer.EndTokens } : spec.Tokenizer,
            Weights = spec.Weights.Name == "bert_gamma" ? found.Weights : spec.Weights,
            Decoder = spec.Decoder is null ? null : Rounded(spec.Decoder),
            // A class that was saved for masks has no pooler, as far as a configuration tells.
            Pooler = spec.Weights.Name == "bert_gamma" ? found.Pooler : spec.Pooler,
        };
    }

    private static StackSpec Rounded(StackSpec stack) => stack with { Layers = new([.. stack.Layers.Select(Rounded)]) };

    private static LayerSpec Rounded(LayerSpec layer)
    {
        if (layer.Attention.Rotary is not { Scaling: { } scaling } rotary)
            return layer;
        RotaryScalingSpec rounded = scaling with
        {
            AttentionFactor = Math.Round(scaling.AttentionFactor, 12),
            ShortFactors = new([.. scaling.ShortFactors.Select(factor => Math.Round(factor, 4))]),
            LongFactors = new([.. scaling.LongFactors.Select(factor => Math.Round(factor, 4))]),
        };
        return layer with { Attention = layer.Attention with { Rotary = rotary with { Scaling = rounded } } };
    }
}
