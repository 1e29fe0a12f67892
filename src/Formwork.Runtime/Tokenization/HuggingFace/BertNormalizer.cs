using System.Globalization;
using System.Text;
using Formwork.Runtime.Tokenization.Unicode;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>
/// BERT's text cleaning: control characters go, white space becomes a space, Chinese characters stand alone, accents and case go. Our own:
/// BertTokenizer of Microsoft.ML.Tokenizers drops every symbol and gets 7 of the 46 <c>bert-bge</c> goldens wrong.
/// </summary>
/// <param name="cleanText">Whether control characters go and white space becomes spaces.</param>
/// <param name="chineseAlone">Whether spaces are put around Chinese characters.</param>
/// <param name="stripAccents">Whether accents go.</param>
/// <param name="lowercase">Whether case goes.</param>
internal sealed class BertNormalizer(bool cleanText, bool chineseAlone, bool stripAccents, bool lowercase) : TextNormalizer
{
    private static readonly TextNormalizer Accents = new StripAccents(onlyNonSpacing: true), Lower = new Lowercase();

    public override string Normalize(string text)
    {
        var cleaned = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (cleanText && IsDropped(rune))
                continue;
            if (cleanText && Rune.IsWhiteSpace(rune))
                cleaned.Append(' ');
            else if (chineseAlone && IsChinese(rune.Value))
                cleaned.Append(' ').Append(rune.ToString()).Append(' ');
            else
                cleaned.Append(rune.ToString());
        }
        string result = cleaned.ToString();
        if (stripAccents)
            result = Accents.Normalize(CanonicalForms.Decompose(result));
        return lowercase ? Lower.Normalize(result) : result;
    }

    private static bool IsDropped(Rune rune) => rune.Value is 0 or 0xFFFD || (rune.Value is not ('\t' or '\n' or '\r') && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);

    /// <summary>The blocks of unified ideographs, as BERT lists them.</summary>
    private static bool IsChinese(int scalar) => scalar is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
