using System.Text.Json;
using Formwork.Runtime.Tokenization;
using Formwork.TestSupport;

namespace Formwork.Runtime.Tests.Tokenization;

/// <summary>
/// Small models and what SentencePiece itself (0.1.97) makes of a hundred texts with them: ids, and the text decoded from them. They were trained on
/// the first 300,000 bytes of Shakespeare's plays; all but <c>bpe-bytes</c> have a character map of twenty rules, the two with bytes keep extra
/// spaces, and <c>unigram-bytes</c> has the user-defined piece <c>&lt;sep&gt;</c>.
/// </summary>
internal static class SentencePieceGolden
{
    public sealed record Case(string Text, int[] Ids, string Decoded);

    private static string Folder => Path.Combine(TestData.Repository, "tests", "Formwork.Runtime.Tests", "Tokenization", "Data");

    public static byte[] Model(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".model"));

    public static TextTokenizer Load(string name) =>
        TokenizerLoader.Load(new TokenizerDescription(TokenizerKind.SentencePiece, null, null, null, []), Path.Combine(Folder, name + ".model"))!;

    public static IReadOnlyList<Case> Cases(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".golden.json")));
        return [.. document.RootElement.EnumerateArray().Select(entry => new Case(entry.GetProperty("text").GetString()!,
            [.. entry.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())], entry.GetProperty("decoded").GetString()!))];
    }
}
