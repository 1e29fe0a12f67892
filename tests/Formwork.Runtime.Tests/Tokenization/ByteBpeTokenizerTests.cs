using System.Text.Json;
using CsCheck;
using Formwork.Runtime.Tokenization;
using Formwork.TestSupport;
using Microsoft.ML.Tokenizers;
using Xunit;

namespace Formwork.Runtime.Tests.Tokenization;

public class ByteBpeTokenizerTests
{
    private static readonly Lazy<TextTokenizer> Gpt2 = new(() => TokenizerGoldens.Load(TokenizerKind.ByteBpe, "gpt2-bpe"));

    [DataFact(TokenizerGoldens.Folder, "gpt2-bpe")]
    public void AllGoldenCasesGiveTheExpectedIdsAndDecodeBack()
    {
        IReadOnlyList<(string Text, int[] Tokens)> cases = TokenizerGoldens.Read("gpt-2");
        Assert.Equal(TokenizerGoldens.Count, cases.Count);
        Assert.All(cases, golden =>
        {
            Assert.Equal(golden.Tokens, Gpt2.Value.Encode(golden.Text));
            Assert.Equal(golden.Text, Gpt2.Value.Decode(golden.Tokens));
        });
    }

    [DataFact("gpt2-bpe")]
    public void AnyTextComesBack() =>
        TokenizerSamples.Text.Sample(text => Assert.Equal(text, Gpt2.Value.Decode(Gpt2.Value.Encode(text))), iter: 2000);

    [DataFact("gpt2-bpe")]
    public void AnUnpairedSurrogateCountsAsTheReplacementCharacter() =>
        Assert.Equal("a\uFFFDb", Gpt2.Value.Decode(Gpt2.Value.Encode("a\uD800b")));

    [DataFact("gpt2-bpe")]
    public void LettersBeyondSixteenBitsAreLetters()
    {
        // U+1D400 is a letter, so GPT-2's pattern ends the word before the '!'; seen as two surrogates it would not.
        int[] separately = [.. Gpt2.Value.Encode("\U0001D400"), .. Gpt2.Value.Encode("!!")];
        Assert.Equal(separately, Gpt2.Value.Encode("\U0001D400!!"));
    }

    /// <summary>A word that is too long for the library's merge goes through ours; the library, given time, agrees.</summary>
    [DataFact("gpt2-bpe")]
    public void LongWordsAreMergedAsTheLibraryMergesThem()
    {
        using JsonDocument vocabulary = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("gpt2-bpe", "encoder.json")));
        BpeTokenizer library = BpeTokenizer.Create(new BpeOptions(vocabulary.RootElement.EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, entry.Value.GetInt32())))
        {
            ByteLevel = true,
            Merges = File.ReadLines(TestData.Path("gpt2-bpe", "vocab.bpe")).Skip(1).Where(line => line.Length > 0),
        });
        Gen.Char["aeinorstlhdéпре"].Array[513, 1500].Select(letters => new string(letters)).Sample(word =>
            Assert.Equal(library.EncodeToIds(word, considerPreTokenization: false), Gpt2.Value.Encode(word)), iter: 30);
    }

    [DataFact("gpt2-bpe")]
    public void AMegabyteOfOneWordIsEncoded()
    {
        string word = new('q', 1 << 20);
        Assert.Equal(word, Gpt2.Value.Decode(Gpt2.Value.Encode(word)));
    }

    [DataFact("gpt2-bpe")]
    public void EndOfTextIsPlainTextUnlessAskedFor()
    {
        const int EndOfText = 50256;
        Assert.Equal(EndOfText, Gpt2.Value.SpecialTokens["<|endoftext|>"]);
        Assert.DoesNotContain(EndOfText, Gpt2.Value.Encode("a<|endoftext|>b"));
        Assert.Equal("a<|endoftext|>b", Gpt2.Value.Decode(Gpt2.Value.Encode("a<|endoftext|>b")));
        Assert.Equal([64, EndOfText, 65], Gpt2.Value.Encode("a<|endoftext|>b", allowSpecial: true));
        Assert.Equal("ab", Gpt2.Value.Decode([64, EndOfText, 65]));
        Assert.Equal("<|endoftext|>", Gpt2.Value.WrittenForm(EndOfText));
        Assert.Equal("Ġthe", Gpt2.Value.WrittenForm(262));
    }

    [DataFact("gpt2-bpe")]
    public void AnIdOutsideTheVocabularyIsRefused()
    {
        Assert.Equal(50257, Gpt2.Value.VocabularySize);
        Assert.All([-1, 50257, int.MaxValue], id => Assert.Contains("0 … 50256", Assert.Throws<InvalidInputException>(() => Gpt2.Value.Decode([id])).Message));
    }

    [DataFact("gpt2-bpe")]
    public void TheModelsVocabularyMayBePaddedButNotAnotherOne()
    {
        Gpt2.Value.RequireVocabulary(50257);
        Gpt2.Value.RequireVocabulary(50304);
        Assert.All([50256, 52000, 32000, 151936], size => Assert.Throws<InvalidInputException>(() => Gpt2.Value.RequireVocabulary(size)));
    }
}
