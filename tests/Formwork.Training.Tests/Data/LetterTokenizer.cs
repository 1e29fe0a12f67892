using Formwork.Runtime;
using Formwork.Runtime.Tokenization;

namespace Formwork.Training.Tests.Data;

/// <summary>An id a letter: a is 5, b is 6, … ; white space has none. Ids 0 to 4 are special.</summary>
internal sealed class LetterTokenizer : TextTokenizer
{
    public const int Cls = 0, Sep = 1, Mask = 2, Pad = 3, Start = 4, FirstLetter = 5;

    public override int VocabularySize => FirstLetter + 26;

    public override IReadOnlyDictionary<string, int> SpecialTokens { get; } = new Dictionary<string, int> { ["[S]"] = Start };

    public override int? ClsToken => Cls;

    public override int? SepToken => Sep;

    public override int? MaskToken => Mask;

    public override int? PadToken => Pad;

    public static int[] Ids(string letters) => [.. letters.Select(letter => letter - 'a' + FirstLetter)];

    public override IReadOnlyList<int> Encode(string text)
    {
        var ids = new List<int>();
        for (int index = 0; index < text.Length; index++)
        {
            if (char.IsWhiteSpace(text[index]))
                continue;
            if (text[index] is < 'a' or > 'z')
                throw new InvalidInputException("prompt", $"character {index + 1}", $"'{text[index]}'", "a letter", "Leave it out.");
            ids.Add(text[index] - 'a' + FirstLetter);
        }
        return ids;
    }

    public override TokenizedText EncodeForModel(string text, string? pair = null, bool allowSpecial = false)
    {
        int[] ids = [Cls, .. Encode(text), Sep];
        return new TokenizedText(ids, new int[ids.Length], [.. ids.Select(id => id < FirstLetter)]);
    }

    public override TokenTextStream NewStream() => throw new NotSupportedException();
}
