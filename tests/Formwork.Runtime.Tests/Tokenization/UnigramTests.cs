using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Formwork.Runtime.Tokenization;
using Xunit;

namespace Formwork.Runtime.Tests.Tokenization;

public class UnigramTests
{
    private static readonly Gen<(string Piece, double Score)[]> Pieces = Gen.Select(Gen.Char["abcé"].Array[1, 3].Select(letters => new string(letters)), Gen.Int[-40, -1],
        (piece, score) => (piece, score / 4.0)).Array[1, 12].Select(pieces => pieces.DistinctBy(piece => piece.piece).ToArray());

    /// <summary>The greatest sum over all splits, unknown characters ten worse than the worst piece.</summary>
    private static double Best(string text, Dictionary<string, double> scores)
    {
        if (text.Length == 0)
            return 0;
        double best = double.NegativeInfinity;
        for (int length = 1; length <= text.Length; length++)
        {
            if (scores.TryGetValue(text[..length], out double score))
                best = Math.Max(best, score + Best(text[length..], scores));
            else if (length == 1)
                best = Math.Max(best, scores.Values.Min() - 10 + Best(text[1..], scores));
        }
        return best;
    }

    [Fact]
    public void TheSplitIsTheBestOfAll() => Gen.Select(Pieces, Gen.Char["abcéx"].Array[0, 10].Select(letters => new string(letters))).Sample((pieces, text) =>
    {
        Dictionary<string, double> scores = pieces.ToDictionary(piece => piece.Piece, piece => piece.Score);
        var segmenter = new UnigramSegmenter(pieces.Select((piece, id) => (piece.Piece, id)), [.. pieces.Select(piece => piece.Score)], scores.Values.Min(), single: false);
        List<UnigramSegmenter.Segment> split = segmenter.Split(text);
        Assert.Equal(text, string.Concat(split.Select(part => text.Substring(part.Begin, part.Length))));
        double sum = split.Sum(part => part.Id >= 0 ? pieces[part.Id].Score : part.Length * (scores.Values.Min() - 10));
        Assert.Equal(Best(text, scores), sum, 9);
        Assert.All(split.Where(part => part.Id >= 0), part => Assert.Equal(pieces[part.Id].Piece, text.Substring(part.Begin, part.Length)));
        Assert.DoesNotContain(split.Zip(split.Skip(1)), pair => pair.First.Id < 0 && pair.Second.Id < 0);
    }, iter: 2000);

    private static TextTokenizer Load(string vocabulary, string model = "\"unk_id\": 0", string rest = "\"decoder\": null")
    {
        using var folder = new TokenizerFolder();
        return folder.With("tokenizer.json", $$"""{"model": {"type": "Unigram", {{model}}, "vocab": [{{vocabulary}}]}, {{rest}}}""").Load(TokenizerKind.TokenizerJson);
    }

    [Fact]
    public void ARunOfUnknownCharactersIsOneToken()
    {
        TextTokenizer tokenizer = Load("""["<unk>", 0], ["a", -1], ["b", -1], ["ab", -1.5]""");
        Assert.Equal([3, 0, 1], tokenizer.Encode("abx\U0001F600ya"));
        Assert.Empty(tokenizer.Encode(""));
    }

    [Fact]
    public void UnknownCharactersAreTheirBytesWhereTheVocabularyHasThem()
    {
        TextTokenizer tokenizer = Load("""["<unk>", 0], ["a", -1], ["<0xC3>", -9], ["<0xA9>", -9]""", "\"unk_id\": 0, \"byte_fallback\": true");
        Assert.Equal([1, 2, 3, 1], tokenizer.Encode("aéa"));
        // Not all bytes of the run are there.
        Assert.Equal([1, 0, 1], tokenizer.Encode("aéxa"));
    }

    [Fact]
    public void WithoutAnUnknownTokenAnUnknownCharacterIsAnErrorOfThePrompt()
    {
        TextTokenizer tokenizer = Load("""["a", -1]""", "\"unk_id\": null");
        Assert.Contains("prompt: found 'xy'", Assert.Throws<InvalidInputException>(() => tokenizer.Encode("axy")).Message);
    }

    [Fact]
    public void TheWrittenFormOfASpecialTokenIsPlainText()
    {
        TextTokenizer tokenizer = Load("""["<unk>", 0], ["</s>", 0], ["<", -2], ["/", -2], ["s", -2], [">", -2]""",
            rest: """ "added_tokens": [{"id": 1, "content": "</s>", "special": true}] """);
        Assert.Equal([2, 3, 4, 5], tokenizer.Encode("</s>"));
        Assert.Equal([1], tokenizer.Encode("</s>", allowSpecial: true));
    }

    /// <summary>The model of SentencePiece as Hugging Face converts it: the same ids, but where graphemes of several characters meet the map.</summary>
    [Fact]
    public void ASentencePieceModelAsTokenizerJsonGivesTheSameIds()
    {
        SentencePieceModel model = ReadModel("unigram", out byte[] map);
        var pieces = new JsonArray([.. model.Pieces.Select(piece => (JsonNode)new JsonArray(piece.Text, (double)piece.Score))]);
        TextTokenizer tokenizer = Load(pieces.ToJsonString()[1..^1], rest: $$"""
            "normalizer": {"type": "Precompiled", "precompiled_charsmap": "{{Convert.ToBase64String(map)}}"},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}]},
            "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
            "added_tokens": [{"id": 0, "content": "<unk>", "special": true}, {"id": 1, "content": "<s>", "special": true}, {"id": 2, "content": "</s>", "special": true}]
            """);
        SentencePieceGolden.Case[] cases = [.. SentencePieceGolden.Cases("unigram").Where(golden => IsSimple(golden.Text))];
        Assert.InRange(cases.Length, 50, 99);
        Assert.All(cases, golden => Assert.Equal(golden.Ids, tokenizer.Encode(golden.Text)));
    }

    /// <summary>Texts whose graphemes are single characters, without a visible space of their own.</summary>
    private static bool IsSimple(string text)
    {
        for (int at = 0; at < text.Length; at += StringInfo.GetNextTextElementLength(text, at))
        {
            if (StringInfo.GetNextTextElementLength(text, at) > (char.IsSurrogate(text[at]) ? 2 : 1))
                return false;
        }
        return !text.Contains('\u2581');
    }

    private static SentencePieceModel ReadModel(string name, out byte[] map)
    {
        using var folder = new TokenizerFolder();
        string path = Path.Combine(folder.With("m.model", SentencePieceGolden.Model(name)).Path, "m.model");
        map = [];
        var reader = new ProtobufReader(path, File.ReadAllBytes(path), 0);
        while (reader.Next(out int field))
        {
            if (field != 3)
            {
                reader.Skip();
                continue;
            }
            ProtobufReader normalizer = reader.Message();
            while (normalizer.Next(out int inner))
            {
                if (inner == 2)
                    map = normalizer.Bytes().ToArray();
                else
                    normalizer.Skip();
            }
        }
        return SentencePieceReader.Read(path);
    }
}
