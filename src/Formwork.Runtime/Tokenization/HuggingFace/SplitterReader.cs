using System.Text;
using System.Text.RegularExpressions;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Reads <c>pre_tokenizer</c> of tokenizer.json.</summary>
internal static class SplitterReader
{
    /// <summary>Reads the pre-tokenizer.</summary>
    /// <param name="part">What the file says; null for nothing.</param>
    /// <param name="inAlphabet">Whether ByteLevel writes the words it cuts in the byte alphabet; else they stay text, for a model that does it.</param>
    public static WordSplitter Read(JsonValue? part, bool inAlphabet) => part is { } value ? ReadOne(value, inAlphabet) : new WordSplitter.Whole();

    /// <summary>Whether the last step, and no other, makes bytes of the words.</summary>
    public static bool EndsWithByteLevel(JsonValue? part)
    {
        if (part is not { } value)
            return false;
        if (value.Type() != "Sequence")
            return value.Type() == "ByteLevel";
        JsonValue[] steps = [.. value.Get("pretokenizers").Items()];
        return steps.Length > 0 && EndsWithByteLevel(steps[^1]) && !steps[..^1].Any(HasByteLevel);
    }

    private static bool HasByteLevel(JsonValue part) =>
        part.Type() == "ByteLevel" || (part.Type() == "Sequence" && part.Get("pretokenizers").Items().Any(HasByteLevel));

    private static WordSplitter ReadOne(JsonValue part, bool inAlphabet) => part.Type() switch
    {
        "Sequence" => new WordSplitter.Sequence([.. part.Get("pretokenizers").Items().Select(step => ReadOne(step, inAlphabet))]),
        "ByteLevel" => inAlphabet ? new WordSplitter.InByteAlphabet(ByteLevel(part)) : ByteLevel(part),
        "UnicodeScripts" => new ScriptSplitter(),
        "Split" => Split(part),
        "Digits" => new CharacterClassSplitter(Rune.IsNumber, part.Truth("individual_digits", false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
        "Punctuation" => new CharacterClassSplitter(CharacterClassSplitter.IsPunctuation, Behavior(part)),
        "Whitespace" => RegexSplitter.Words,
        "WhitespaceSplit" => CharacterClassSplitter.WhiteSpace,
        "BertPreTokenizer" => CharacterClassSplitter.Bert,
        "Metaspace" => Metaspace(part),
        "CharDelimiterSplit" => CharDelimiter(part),
        string other => throw part.Unsupported($"a pre-tokenizer {PlainText.Quoted(other)}", "Sequence, ByteLevel, Split, Digits, Punctuation, Whitespace, "
            + "WhitespaceSplit, BertPreTokenizer, Metaspace, CharDelimiterSplit or UnicodeScripts"),
    };

    private static WordSplitter ByteLevel(JsonValue part)
    {
        WordSplitter words = part.Truth("use_regex", true) ? RegexSplitter.Gpt2 : new WordSplitter.Whole();
        return part.Truth("add_prefix_space", true) ? new WordSplitter.SpaceInFront(words) : words;
    }

    private static WordSplitter Split(JsonValue part)
    {
        (JsonValue pattern, bool isRegex) = part.Pattern();
        Regex regex = isRegex ? GuardedRegex.Make(pattern) : new Regex(Regex.Escape(pattern.Text()), RegexOptions.CultureInvariant);
        return new RegexSplitter(regex, Behavior(part), part.Truth("invert", false));
    }

    private static SplitBehavior Behavior(JsonValue part)
    {
        string text = part.Text("behavior", nameof(SplitBehavior.Isolated));
        return Enum.GetNames<SplitBehavior>().Contains(text)
            ? Enum.Parse<SplitBehavior>(text)
            : throw part.Get("behavior").Wrong(PlainText.Quoted(text), string.Join(", ", Enum.GetNames<SplitBehavior>()));
    }

    private static WordSplitter CharDelimiter(JsonValue part)
    {
        char delimiter = part.Character("delimiter", ' ');
        return new CharacterClassSplitter(rune => rune.Value == delimiter, SplitBehavior.Removed);
    }

    private static WordSplitter Metaspace(JsonValue part) => new WordSplitter.Metaspace(part.Character("replacement", '\u2581'), PrependScheme(part), part.Truth("split", true));

    /// <summary>Whether a space is put in front: always, never, or only of the whole text (null).</summary>
    public static bool? PrependScheme(JsonValue part) => part.Text("prepend_scheme", part.Truth("add_prefix_space", true) ? "always" : "never") switch
    {
        "always" => true,
        "never" => false,
        "first" => null,
        string other => throw part.Get("prepend_scheme").Wrong(PlainText.Quoted(other), "always, first or never"),
    };
}
