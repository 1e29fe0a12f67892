using System.Text.Json;
using CsCheck;
using Formwork.Runtime.Tokenization;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Tokenization;

public class Llama2CTokenizerTests
{
    private static readonly Lazy<TextTokenizer> Stories = new(() => TokenizerGoldens.Load(TokenizerKind.Llama2C, "stories260K", "tok512.bin", 1));
    private static readonly Lazy<TextTokenizer> Llama = new(() => TokenizerGoldens.Load(TokenizerKind.Llama2C, "llama-tokenizer"));

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

    [DataTheory("stories260K")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void StoriesPromptsAndTextsAreThoseOfLlama2C(int golden)
    {
        using JsonDocument run = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("stories260K", "golden", $"g0{golden}.json")));
        int[] prompt = Ids(run, "prompt_tokens"), output = Ids(run, "output_tokens");
        Assert.Equal(prompt, Stories.Value.Encode(run.RootElement.GetProperty("prompt").GetString()!).Prepend(1));
        string text = run.RootElement.GetProperty("text").GetString()!;
        Assert.Equal(text, Stories.Value.Decode(output));
        Assert.Equal(text, Stories.Value.Decode([1, .. output]));
        Assert.Equal(text, Stories.Value.Decode(Stories.Value.Encode(text)));
    }

    private static int[] Ids(JsonDocument run, string name) => [.. run.RootElement.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    [DataFact("stories260K")]
    public void MergingIsTheSlowLoopOfLlama2C()
    {
        var reference = new Llama2CReference(TestData.Path("stories260K", "tok512.bin"));
        TokenizerSamples.Text.Where(text => !text.Contains('\0')).Sample(text => Assert.Equal(reference.Encode(text), Stories.Value.Encode(text)), iter: 300);
        Gen.Char["etaoh nsr.,<0xE>"].Array[0, 60].Select(letters => new string(letters))
            .Sample(text => Assert.Equal(reference.Encode(text), Stories.Value.Encode(text)), iter: 300);
    }

    [DataFact("stories260K")]
    public void AnyTextComesBack() =>
        TokenizerSamples.Text.Sample(text => Assert.Equal(text, Stories.Value.Decode(Stories.Value.Encode(text))), iter: 300);

    [DataFact("stories260K")]
    public void ALeadingSpaceIsDroppedOnlyAtTheBeginning()
    {
        int once = Stories.Value.Encode("Once")[0];
        Assert.Equal(" Once", Stories.Value.WrittenForm(once));
        Assert.Equal("Once Once", Stories.Value.Decode([once, once]));
        Assert.Equal("Once OnceOnce", Stories.Value.Decode([1, once, once, 1, once]));
    }

    [DataFact("stories260K")]
    public void BeginAndEndGiveNoText()
    {
        Assert.Equal("", Stories.Value.Decode([1, 2]));
        Assert.Equal(1, Stories.Value.SpecialTokens["<s>"]);
        Assert.DoesNotContain(1, Stories.Value.Encode("<s>"));
        Assert.Equal(1, Stories.Value.Encode("<s>Once", allowSpecial: true)[0]);
    }

    [DataFact("stories260K")]
    public void BytesBecomeCharactersWhenWhole()
    {
        TokenTextStream stream = Stories.Value.NewStream();
        // U+1F600 is F0 9F 98 80; a byte is its value plus 3.
        Assert.Equal(["", "", "", "😀", "", "\uFFFDa"], new[] { 0xF3, 0xA2, 0x9B, 0x83, 0xF3, 'a' + 3 }.Select(stream.Append));
        Assert.Equal("", stream.Append(0xF3));
        Assert.Equal("\uFFFD", stream.Finish());
    }

    [DataFact("tinyshakespeare", "stories260K")]
    public void AMegabyteIsEncoded()
    {
        string text = File.ReadAllText(TestData.Path("tinyshakespeare", "input.txt"));
        Assert.Equal(text, Stories.Value.Decode(Stories.Value.Encode(text)));
    }
}
