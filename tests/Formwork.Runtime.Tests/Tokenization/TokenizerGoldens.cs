using System.Globalization;
using System.Text;
using Formwork.Runtime.Tokenization;
using Formwork.TestSupport;

namespace Formwork.Runtime.Tests.Tokenization;

/// <summary>llama.cpp's tokenizer cases: 46 texts (and an empty one at the end), and their ids without special tokens.</summary>
internal static class TokenizerGoldens
{
    public const string Folder = "tokenizer-goldens";

    public const int Count = 46;

    public static IReadOnlyList<(string Text, int[] Tokens)> Read(string set)
    {
        string[] texts = File.ReadAllText(TestData.Path(Folder, $"{set}.inp"), Encoding.UTF8).Split("\n__ggml_vocab_test__\n");
        string[] lines = File.ReadAllText(TestData.Path(Folder, $"{set}.out")).Split('\n');
        return [.. texts.Zip(lines, (text, line) => (text, Ids(line))).Take(Count)];
    }

    private static int[] Ids(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    public static TextTokenizer Load(TokenizerKind kind, string folder, string? file = null, int? begin = null, params int[] end) =>
        TokenizerLoader.Load(new TokenizerDescription(kind, file, null, begin, end), TestData.Path(folder))!;
}
