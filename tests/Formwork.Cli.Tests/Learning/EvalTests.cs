using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Formwork.Cli.Tests.Learning;

/// <summary>Numbers that follow from what the model is: one whose weights are zero thinks all tokens equally likely.</summary>
[Collection(LearningTests.Name)]
public sealed class EvalTests(LearningTool learning)
{
    private readonly LearningTool _learning = learning;

    [Fact]
    public void PerplexityOfEqualChancesIsTheVocabulary()
    {
        string run = _learning.Folder("eval-letters");
        _learning.Run("train", _learning.Decoder, "--data", _learning.Text, "--steps", "1", "-o", run);
        LearningTool.Silence(run);
        using JsonDocument result = JsonDocument.Parse(_learning.Run("eval", run, "--data", _learning.Text, "--json").Output);
        int characters = File.ReadAllText(_learning.Text).Length;
        Assert.Equal(28, Number(result, "perplexity"), 3);
        Assert.Equal(Math.Log(28), Number(result, "loss"), 5);
        Assert.Equal(characters - 1, Number(result, "tokens"));
        Assert.Equal(Math.Log2(28) * (characters - 1) / characters, Number(result, "bits_per_byte"), 4);
        string ids = Path.Combine(_learning.Tool.Home, "ids");
        Assert.Contains("perplexity 28.0000\n", _learning.Run("eval", run, "--data", _learning.Text, "--token-files", ids).Output);
        string ofIds = _learning.Run("eval", run, "--data", Path.Combine(ids, "training.tokens")).Output;
        Assert.Contains($"of {characters - 1} tokens\n", ofIds);
        Assert.DoesNotContain("bits a byte", ofIds);
    }

    [Fact]
    public void EncodersAreMeasuredOnMasksAndLabels()
    {
        string masks = _learning.Folder("eval-masks"), kinds = _learning.Folder("eval-kinds");
        _learning.Run("train", _learning.Encoder, "--data", _learning.Lines, "--steps", "1", "-o", masks);
        _learning.Run("train", _learning.Classifier, "--data", _learning.Labelled, "--label-field", "kind", "--steps", "1", "-o", kinds);
        LearningTool.Silence(masks);
        LearningTool.Silence(kinds);
        using JsonDocument filled = JsonDocument.Parse(_learning.Run("eval", masks, "--data", _learning.Lines, "--json").Output);
        Assert.Equal(270, Number(filled, "perplexity"), 2);
        using JsonDocument told = JsonDocument.Parse(_learning.Run("eval", kinds, "--data", _learning.Labelled, "--label-field", "kind", "--json").Output);
        Assert.Equal(2, Number(told, "perplexity"), 5);
        // Of equal chances the first label is told, and half of the texts have it.
        Assert.Equal(0.5, Number(told, "accuracy"));
        Assert.Equal(20, Number(told, "tokens"));
    }

    [Fact]
    public void BleuIsThatOfTheModelsOwnTranslationsWithAWordMore()
    {
        string folder = Path.GetDirectoryName(_learning.Tool.Write("words/words.model.yaml", """
            model: WordPairs
            architecture: encoder-decoder
            vocabulary: 6
            context: 64
            width: 16
            layers: 1
            attention: {heads: 2, bias: true}
            feed_forward: {width: 32, activation: gelu, bias: true}
            norm: {kind: layer, epsilon: 1e-5}
            positions: {kind: learned}
            embedding: {tied: true}
            # Of random weights, the end would come at once.
            generation: {start: 0, beams: 2, suppressed: [0, 1]}
            tokenizer: {kind: words, begin: 0, end: [1]}

            """))!;
        _learning.Tool.Write("words/token_mappings.json", """{"<s>": 0, "</s>": 1, "The": 2, "cat": 3, "sat": 4, "down": 5}""");
        string sources = _learning.Tool.Write("sources.txt", "The cat\nsat down\ncat cat The\n"), own = Path.Combine(_learning.Tool.Home, "own.txt");
        string[] usual = ["eval", folder, "--random-weights", "3", "--tokenizer", folder, "--data", sources, "--targets"];
        _learning.Run([.. usual, sources, "-o", own]);
        string[] translations = File.ReadAllLines(own);
        Assert.Equal(3, translations.Length);
        Assert.Equal(translations[1] + "\n", _learning.Run("run", folder, "sat down", "--random-weights", "3", "--tokenizer", folder).Output);

        Assert.Contains("= 100.00 100.0/100.0/100.0/100.0 (BP = 1.000", _learning.Run([.. usual, own]).Output);
        // Every n-gram of a translation is in a reference with a word more; what counts is the brevity penalty, exp(1 − reference length / length).
        string longer = _learning.Tool.Write("longer.txt", string.Concat(translations.Select(text => text + " more\n")));
        string[] lines = _learning.Run([.. usual, longer]).Output.Split('\n');
        Match found = Regex.Match(lines[0], @"^BLEU\|nrefs:1\|case:mixed\|eff:no\|tok:13a\|smooth:exp = ([\d.]+) .* hyp_len = (\d+) ref_len = (\d+)\)$");
        Assert.True(found.Success, lines[0]);
        int length = int.Parse(found.Groups[2].Value, CultureInfo.InvariantCulture);
        Assert.Equal(length + 3, int.Parse(found.Groups[3].Value, CultureInfo.InvariantCulture));
        Assert.Equal(100 * Math.Exp(-3.0 / length), double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture), 2);
        Assert.StartsWith("BLEU|nrefs:1|case:lc|", lines[1]);
        string louder = _learning.Tool.Write("louder.txt", string.Concat(translations.Select(text => text.ToUpperInvariant() + "\n")));
        using JsonDocument result = JsonDocument.Parse(_learning.Run([.. usual, louder, "--json"]).Output);
        Assert.Equal(0, Number(result, "bleu"));
        Assert.Equal(100, Number(result, "bleu_lowercase"), 6);
    }

    [Fact]
    public void WhatDoesNotGoTogetherIsTold()
    {
        ToolAssert.Usage(_learning.Tool.Run("eval", _learning.Translator, "--data", _learning.Lines), "as many files of targets");
        ToolAssert.Usage(_learning.Tool.Run("eval", _learning.Decoder, "--data", _learning.Text, "--beams", "2"), "encoder-decoder");
        ToolAssert.InvalidInput(_learning.Tool.Run("eval", _learning.Decoder, "--data", "nowhere.txt"), "nowhere.txt");
    }

    private static double Number(JsonDocument json, string name) => json.RootElement.GetProperty(name).GetDouble();
}
