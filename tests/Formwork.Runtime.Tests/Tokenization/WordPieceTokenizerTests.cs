using CsCheck;
using Formwork.Runtime.Tokenization;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Tokenization;

public class WordPieceTokenizerTests
{
    private const int Unknown = 100;

    private static readonly Lazy<TextTokenizer> Bert = new(() => TokenizerGoldens.Load(TokenizerKind.WordPiece, TokenizerGoldens.Folder, "bert-base-uncased.vocab.txt"));

    [DataFact(TokenizerGoldens.Folder)]
    public void AllGoldenCasesGiveTheExpectedIds()
    {
        IReadOnlyList<(string Text, int[] Tokens)> cases = TokenizerGoldens.Read("bert-bge");
        Assert.Equal(TokenizerGoldens.Count, cases.Count);
        Assert.All(cases, golden => Assert.Equal(golden.Tokens, Bert.Value.Encode(golden.Text)));
    }

    /// <summary>
    /// WordPiece forgets case, accents, white space and unknown words. What is left comes back: the decoded text has the same ids, and for text
    /// of ASCII it is the text in lower case, white space apart.
    /// </summary>
    [DataFact(TokenizerGoldens.Folder)]
    public void GoldenCasesDecodeToTheirNormalizedText()
    {
        int known = 0;
        foreach ((string text, int[] tokens) in TokenizerGoldens.Read("bert-bge").Where(golden => !golden.Tokens.Contains(Unknown)))
        {
            string decoded = Bert.Value.Decode(tokens);
            Assert.Equal(tokens, Bert.Value.Encode(decoded));
            if (text.All(char.IsAscii))
                Assert.Equal(WithoutSpace(text).ToLowerInvariant(), WithoutSpace(decoded));
            known++;
        }
        Assert.Equal(41, known);
        Assert.Equal("apfel", Bert.Value.Decode(Bert.Value.Encode("Äpfel")));
        Assert.Equal("cua viet", Bert.Value.Decode(Bert.Value.Encode("Cửa Việt")));
        Assert.Equal("нещо на български", Bert.Value.Decode(Bert.Value.Encode("нещо на Български")));
        Assert.Equal("hello , y ' all ! [UNK]", Bert.Value.Decode(Bert.Value.Encode("Hello, y'all! 🦙")));
    }

    private static string WithoutSpace(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));

    [DataFact(TokenizerGoldens.Folder)]
    public void AnyTextEncodesAndItsDecodingEncodesTheSame() => TokenizerSamples.Text.Sample(text =>
    {
        IReadOnlyList<int> tokens = Bert.Value.Encode(text);
        string decoded = Bert.Value.Decode(tokens);
        if (!tokens.Contains(Unknown))
            Assert.Equal(tokens, Bert.Value.Encode(decoded));
    }, iter: 500);

    [DataFact(TokenizerGoldens.Folder)]
    public void SpecialPiecesAreFoundOnlyWhenAskedFor()
    {
        Assert.Equal([101, 7592, 102], Bert.Value.Encode("[CLS] hello [SEP]", allowSpecial: true));
        Assert.Equal("[ cl ##s ]", string.Join(' ', Bert.Value.Encode("[CLS]").Select(Bert.Value.WrittenForm)));
        Assert.Equal("hello", Bert.Value.Decode([101, 7592, 102]));
    }

    [DataFact(TokenizerGoldens.Folder)]
    public void AWordOfMoreThanAHundredCharactersIsUnknown()
    {
        Assert.NotEqual([Unknown], Bert.Value.Encode(new string('a', 100)));
        Assert.Equal([Unknown], Bert.Value.Encode(new string('a', 101)));
    }

    [Fact]
    public void CaseIsKeptWhereTheConfigurationBesideSaysSo()
    {
        using var folder = new TokenizerFolder();
        folder.With("vocab.txt", "[UNK]\nÉa\nea\n").With("tokenizer_config.json", """{"do_lower_case": false}""");
        Assert.Equal([1], folder.Load(TokenizerKind.WordPiece).Encode("Éa"));
        folder.With("tokenizer_config.json", "{}");
        Assert.Equal([2], folder.Load(TokenizerKind.WordPiece).Encode("Éa"));
    }
}
