using System.Text.Json;
using Formwork.Runtime.Tokenization;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Tokenization;

public class WordTokenizerTests
{
    private const int EndOfSequence = 51;

    private static readonly Lazy<TextTokenizer> Processes =
        new(() => TokenizerGoldens.Load(TokenizerKind.Words, "capp-gpt2", "token_mappings.json", null, EndOfSequence));

    [DataFact("capp-gpt2")]
    public void GoldenProcessChainsDecodeAndEncode()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("capp-gpt2", "golden.json")));
        Assert.All(golden.RootElement.EnumerateArray(), run =>
        {
            int[] prompt = Ids(run, "prompt_tokens"), output = Ids(run, "output_tokens");
            string[] words = [.. run.GetProperty("text").EnumerateArray().Select(word => word.GetString()!)];
            // The end token is the spec's, and gives no text.
            Assert.Equal(string.Join(' ', words.Where(word => word != "<EOS>")), Processes.Value.Decode(output[prompt.Length..]));
            Assert.Equal(prompt, Processes.Value.Encode(Processes.Value.Decode(prompt)));
            Assert.Equal(output, Processes.Value.Encode(Processes.Value.Decode(prompt) + " " + string.Join(' ', words), allowSpecial: true));
        });
    }

    private static int[] Ids(JsonElement run, string name) => [.. run.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    [DataFact("capp-gpt2")]
    public void TheLongestWordWithSpacesWins()
    {
        Assert.Equal([29, 36, 31, 39], Processes.Value.Encode("Turning Turning\tSecondary\n5-axis Milling 5-axis  Milling Secondary "));
        Assert.Equal("Turning Turning Secondary 5-axis Milling", Processes.Value.Decode([29, 36, 31]));
    }

    [DataFact("capp-gpt2")]
    public void AnUnknownWordIsNamed()
    {
        var error = Assert.Throws<InvalidInputException>(() => Processes.Value.Encode("Turning Welding"));
        Assert.Contains("word 2: found 'Welding'", error.Message);
        Assert.Throws<InvalidInputException>(() => Processes.Value.Encode("<EOS>"));
    }

    [Fact]
    public void AnUnknownWordIsTheUnknownTokenWhereThereIsOne()
    {
        using var folder = new TokenizerFolder();
        TextTokenizer tokenizer = folder.With("vocab.json", """{"<unk>": 0, "a": 1, "b": 2}""").Load(TokenizerKind.Words);
        Assert.Equal([1, 0, 2], tokenizer.Encode("a c b"));
        Assert.Equal(3, tokenizer.VocabularySize);
    }
}
