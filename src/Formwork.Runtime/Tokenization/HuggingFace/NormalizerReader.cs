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
        "NFKD" => new TextNormalizer.FormKD(),
        "NFKC" => new TextNormalizer.FormKC(),
        "Lowercase" => new TextNormalizer.Lowercase(),
        "StripAccents" => new TextNormalizer.StripAccents(onlyNonSpacing: false),
        "Strip" => new TextNormalizer.Strip(part.Truth("strip_left", true), part.Truth("strip_right", true)),
        "Prepend" => new TextNormalizer.Prepend(part.Get("prepend").Text()),
        "Replace" => Replace(part),
        "BertNormalizer" => Bert(part),
        "Nmt" => new TextNormalizer.Nmt(),
        "ByteLevel" => new TextNormalizer.ByteLevel(),
        "Precompiled" => Precompiled(part),
        string other => throw part.Unsupported($"a normalizer {PlainText.Quoted(other)}",
            "Sequence, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend, Replace, Nmt, Precompiled, ByteLevel or BertNormalizer"),
    };

    private static PrecompiledNormalizer Precompiled(JsonValue part)
    {
        JsonValue map = part.Get("precompiled_charsmap");
        var bytes = new byte[map.Text().Length];
        return Convert.TryFromBase64String(map.Text(), bytes, out int count)
            ? new PrecompiledNormalizer(CharacterMap.Read(bytes.AsSpan(0, count), (found, expected) => map.Wrong(found, expected)))
            : throw map.Wrong("text that is no base64", "SentencePiece's character map in base64");
    }

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
