using CsCheck;
using Formwork.Runtime.Tokenization;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Tokenization;

public class SentencePieceTokenizerTests
{
    private static readonly Lazy<TextTokenizer> Llama = new(() => TokenizerGoldens.Load(TokenizerKind.SentencePiece, "llama-tokenizer"));

    [DataFact(TokenizerGoldens.Folder, "llama-tokenizer")]
    public void AllGoldenCasesGiveTheExpectedIdsAndDecodeBack()
    {
        IReadOnlyList<(string Text, int[] Tokens)> cases = TokenizerGoldens.Read("llama-spm");
        Assert.Equal(TokenizerGoldens.Count, cases.Count);
        Assert.All(cases, golden =>
        {
            Assert.Equal(golden.Tokens, Llama.Value.Encode(golden.Text));
            Assert.Equal(golden.Text, Llama.Value.Decode(golden.Tokens));
        });
    }

    [DataFact("llama-tokenizer")]
    public void TheModelAndItsLlama2CExportAgree()
    {
        TextTokenizer export = TokenizerGoldens.Load(TokenizerKind.Llama2C, "llama-tokenizer");
        Assert.Equal(32000, Llama.Value.VocabularySize);
        // They differ where a text has U+2581 itself, which is a space to SentencePiece only.
        TokenizerSamples.Text.Where(text => !text.Contains('\u2581')).Sample(text =>
        {
            Assert.Equal(export.Encode(text), Llama.Value.Encode(text));
            Assert.Equal(text, Llama.Value.Decode(Llama.Value.Encode(text)));
        }, iter: 1000);
    }

    [DataFact("llama-tokenizer")]
    public void ControlPiecesGiveNoTextAndAreNotReadFromText()
    {
        Assert.Equal("Hello", Llama.Value.Decode([1, .. Llama.Value.Encode("Hello"), 2]));
        Assert.DoesNotContain(1, Llama.Value.Encode("<s>"));
        Assert.Equal([1, 29874, 2], Llama.Value.Encode("<s>a</s>", allowSpecial: true));
        Assert.Equal(" \u2047 ", Llama.Value.Decode([0]));
    }

    [Fact]
    public void UserDefinedWhiteSpaceIsFoundInTextAndOtherPiecesOnlyWhenAskedFor()
    {
        using var folder = new TokenizerFolder();
        TextTokenizer tokenizer = folder.With("tokenizer.model", new SentencePieceFile { AddSpaceInFront = false }
            .Piece("<unk>", 0, 2).Piece("a", -1).Piece("<", -2).Piece("b", -3).Piece(">", -4).Piece("<b>", 0, 4).Piece("\n\n", 0, 4).Bytes()).Load(TokenizerKind.SentencePiece);
        Assert.Equal([2, 3, 4, 6, 1], tokenizer.Encode("<b>\n\na"));
        Assert.Equal([5, 6, 1], tokenizer.Encode("<b>\n\na", allowSpecial: true));
        Assert.Equal("<b>\n\na", tokenizer.Decode([5, 6, 1]));
    }

    [Fact]
    public void WithoutByteFallbackARunOfUnknownCharactersIsOneUnknownPiece()
    {
        using var folder = new TokenizerFolder();
        TextTokenizer tokenizer = folder.With("tokenizer.model", new SentencePieceFile().Piece("<unk>", 0, 2).Piece("\u2581", -1).Piece("a", -2)
            .Piece("xa", -3).Bytes()).Load(TokenizerKind.SentencePiece);
        // x alone is no piece, yet it merges.
        Assert.Equal([1, 3, 0, 2], tokenizer.Encode("xaxyza"));
    }

    [Fact]
    public void ExtraSpacesGoWhenTheModelSaysSo()
    {
        using var folder = new TokenizerFolder();
        TextTokenizer tokenizer = folder.With("tokenizer.model", new SentencePieceFile { RemoveExtraSpaces = true }.Piece("<unk>", 0, 2)
            .Piece("\u2581", -1).Piece("a", -2).Bytes()).Load(TokenizerKind.SentencePiece);
        Assert.Equal([1, 2, 1, 2], tokenizer.Encode("  a   a "));
        Assert.Empty(tokenizer.Encode("  "));
        Assert.Equal("a", tokenizer.Decode([1, 1, 2]));
    }

    [Fact]
    public void AUnigramModelTakesTheMostProbableSplit()
    {
        using var folder = new TokenizerFolder();
        TextTokenizer tokenizer = folder.With("tokenizer.model", new SentencePieceFile { Algorithm = 1 }.Piece("<unk>", 0, 2).Piece("<s>", 0, 3).Piece("</s>", 0, 3)
            .Piece("\u2581", -3).Piece("a", -3).Piece("b", -3).Piece("c", -3).Piece("\u2581ab", -2).Piece("bc", -1).Piece("\u2581a", -5).Bytes()).Load(TokenizerKind.SentencePiece);
        // Scores: (▁ab)(c) is −5, (▁a)(bc) is −6, (▁)(a)(bc) is −7.
        Assert.Equal([7, 6], tokenizer.Encode("abc"));
        Assert.Equal([3, 8], tokenizer.Encode("bc"));
        Assert.Equal("abc", tokenizer.Decode([1, 7, 6, 2]));
    }
}
