using CsCheck;
using Formwork.Runtime.Tokenization;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Tokenization;

public class TokenTextStreamTests
{
    private static readonly Lazy<TextTokenizer[]> Tokenizers = new(() =>
    [
        TokenizerGoldens.Load(TokenizerKind.ByteBpe, "gpt2-bpe"),
        TokenizerGoldens.Load(TokenizerKind.Llama2C, "stories260K", "tok512.bin"),
        TokenizerGoldens.Load(TokenizerKind.SentencePiece, "llama-tokenizer"),
    ]);

    /// <summary>Any ids, so that bytes break off and begin anywhere: the pieces together are the whole decoded, and hold no half character.</summary>
    [DataFact("gpt2-bpe", "stories260K", "llama-tokenizer")]
    public void PiecesTogetherAreTheWholeAndNoneSplitsACharacter()
    {
        foreach (TextTokenizer tokenizer in Tokenizers.Value)
        {
            Gen<int> id = Gen.Frequency((1, Gen.Int[0, tokenizer.VocabularySize - 1]), (3, Gen.Int[3, 258]));
            id.Array[0, 30].Sample(tokens =>
            {
                TokenTextStream stream = tokenizer.NewStream();
                string[] pieces = [.. tokens.Select(stream.Append), stream.Finish()];
                Assert.Equal(tokenizer.Decode(tokens), string.Concat(pieces));
                Assert.All(pieces, piece => Assert.False(piece.Length > 0 && (char.IsHighSurrogate(piece[^1]) || char.IsLowSurrogate(piece[0]))));
            }, iter: 1000);
        }
    }

    [DataFact("gpt2-bpe", "stories260K", "llama-tokenizer")]
    public void TextOfMultibyteCharactersStreamsWithoutReplacementCharacters() => TokenizerSamples.Text.Where(text => !text.Contains('\uFFFD')).Sample(text =>
    {
        foreach (TextTokenizer tokenizer in Tokenizers.Value)
        {
            TokenTextStream stream = tokenizer.NewStream();
            Assert.All(tokenizer.Encode(text), token => Assert.DoesNotContain('\uFFFD', stream.Append(token)));
            Assert.Equal("", stream.Finish());
        }
    }, iter: 300);

    [DataFact("gpt2-bpe", "stories260K", "llama-tokenizer", TokenizerGoldens.Folder)]
    public void ThreadsMayShareATokenizer()
    {
        string[] texts = [.. TokenizerGoldens.Read("gpt-2").Select(golden => golden.Text)];
        foreach (TextTokenizer tokenizer in Tokenizers.Value)
        {
            IReadOnlyList<int>[] alone = Array.ConvertAll(texts, tokenizer.Encode);
            Parallel.For(0, 4 * texts.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 },
                index => Assert.Equal(alone[index % texts.Length], tokenizer.Encode(texts[index % texts.Length])));
        }
    }
}
