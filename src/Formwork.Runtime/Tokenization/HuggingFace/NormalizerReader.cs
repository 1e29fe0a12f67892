using System.Text;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Reads <c>normalizer</c> of tokenizer.json.</summary>
internal static class NormalizerReader
{
    public static TextNormalizer? Read(JsonValue? part) => part is { } value ? ReadOne(value) : null;

    private static TextNormalizer ReadOne(JsonValue part) => part.Type() switch
    {
        "Sequence" => new TextNormalizer.Sequence([.. part.Get("normalizers").Items().Select(ReadOne)]),
        "NFD" => new TextNormalizer.FormD(),
        "NFC" => new TextNormalizer.FormC(),
        "NFKD" => Compatibility(part, NormalizationForm.FormKD),
        "NFKC" => Compatibility(part, NormalizationForm.FormKC),
        "Lowercase" => new TextNormalizer.Lowercase(),
        "StripAccents" => new TextNormalizer.StripAccents(),
        "Strip" => new TextNormalizer.Strip(part.Truth("strip_left", true), part.Truth("strip_right", true)),
        "Prepend" => new TextNormalizer.Prepend(part.Get("prepend").Text()),
        "Replace" => Replace(part),
        "BertNormalizer" => Bert(part),
        string other => throw part.Unsupported($"a normalizer {PlainText.Quoted(other)}",
            "Sequence, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend, Replace or BertNormalizer"),
    };

    private static TextNormalizer Compatibility(JsonValue part, NormalizationForm form) => TextNormalizer.Compatibility.IsAvailable
        ? new TextNormalizer.Compatibility(form)
        : throw part.Wrong("a compatibility normalizer", "NFC or NFD, as this program runs with invariant globalization",
            "Set InvariantGlobalization to false in the program's project, and have ICU on the machine.");

    private static TextNormalizer Replace(JsonValue part)
    {
        (JsonValue pattern, bool isRegex) = part.Pattern();
        string content = part.Get("content").Text();
        if (isRegex)
            return new TextNormalizer.ReplacePattern(GuardedRegex.Make(pattern), content);
        return pattern.Text().Length > 0 ? new TextNormalizer.ReplaceText(pattern.Text(), content) : throw pattern.Wrong("an empty text", "what to replace");
    }

    private static TextNormalizer Bert(JsonValue part)
    {
        bool lowercase = part.Truth("lowercase", true);
        return new BertNormalizer(part.Truth("clean_text", true), part.Truth("handle_chinese_chars", true), part.Truth("strip_accents", lowercase), lowercase);
    }
}
