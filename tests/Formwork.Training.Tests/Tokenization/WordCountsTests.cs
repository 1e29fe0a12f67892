using System.IO.Compression;
using CsCheck;
using Formwork.Runtime;
using Formwork.Runtime.Tokenization.HuggingFace;
using Formwork.TestSupport;
using Formwork.Training.Data;
using Formwork.Training.Tokenization;
using Xunit;

namespace Formwork.Training.Tests.Tokenization;

public class WordCountsTests
{
    private static readonly string[] Parts = [" ", "  ", "\n", "\r\n", "\t", "\u00A0", "\u3000", "'", "'s", "'re", "'ll", "'LL", "a", "Zß", "é", "e\u0301", "ǅ", "ʰ", "1", "²", "Ⅷ", "٣", "_", "-", "!?", "中文", "😀", "𝐀", "𝟏", "\u200B", "\u0000"];
    private static readonly Gen<string> Texts = Gen.Int[0, Parts.Length - 1].Select(index => Parts[index]).List[0, 25].Select(string.Concat);

    [Fact]
    public void WordsAreThoseOfGpt2sExpression() => Texts.Sample(text =>
    {
        var words = new List<string>();
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = Gpt2Words.Length(text.AsSpan(at));
            words.Add(text.Substring(at, length));
        }
        Assert.Equal(RegexSplitter.Gpt2.Split(text, first: true), words);
    }, iter: 5000);

    [Fact]
    public void FilesOfEachKindCountAsTheirTexts()
    {
        using var folder = new TemporaryFolder();
        string lines = folder.Write("a.txt", "the dog\r\n\na \"dog\""u8);
        string json = folder.Write("a.jsonl", "{\"text\": \"the dog\", \"n\": 1}\n\n{\"text\": \"\"}\n{\"text\": \"a \\\"dog\\\"\"}\n"u8);
        using (var packed = new GZipStream(File.Create(folder.File("a.txt.gz")), CompressionMode.Compress))
            packed.Write(File.ReadAllBytes(lines));
        var expected = new Dictionary<string, long> { ["the"] = 1, [" dog"] = 1, ["a"] = 1, [" \""] = 1, ["dog"] = 1, ["\""] = 1 };

        Assert.Equal(expected, Count(words => words.AddLines(lines)));
        Assert.Equal(expected, Count(words => words.AddLines(folder.File("a.txt.gz"))));
        Assert.Equal(expected, Count(words => words.AddJsonLines(json)));
        expected.Add("\r\n", 1);
        expected.Add("\n", 1);
        Assert.Equal(expected, Count(words => words.AddTextFile(lines)));
    }

    [Fact]
    public void AMissingFieldIsTold()
    {
        using var folder = new TemporaryFolder();
        string json = folder.Write("a.jsonl", "{\"text\": \"a\"}\n{\"txt\": \"b\"}\n"u8);
        InvalidInputException error = Assert.Throws<InvalidInputException>(() => new WordCounts().AddJsonLines(json));
        Assert.Equal((json, "line 2", "the fields \"txt\""), (error.InputSource, error.Place, error.Found));
    }

    private static Dictionary<string, long> Count(Action<WordCounts> add)
    {
        var words = new WordCounts();
        add(words);
        return words.Counts.ToDictionary();
    }
}
