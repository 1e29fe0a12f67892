using System.Text;
using System.Text.RegularExpressions;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Reads <c>pre_tokenizer</c> of tokenizer.json.</summary>
internal static class SplitterReader
{
    public static WordSplitter Read(JsonValue? part) => part is { } value ? ReadOne(value) : new WordSplitter.Whole();

    /// <summary>Whether words go to the model in the byte alphabet.</summary>
    public static bool IsByteLevel(JsonValue? part) => part is { } value && (value.Type() == "ByteLevel"
        || (value.Type() == "Sequence" && value.Get("pretokenizers").Items().Any(step => IsByteLevel(step))));

    private static WordSplitter ReadOne(JsonValue part) => part.Type() switch
    {
        "Sequence" => Sequence(part),
        "ByteLevel" => ByteLevel(part),
        "Split" => Split(part),
        "Digits" => new CharacterClassSplitter(Rune.IsNumber, part.Truth("individual_digits", false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
        "Punctuation" => new CharacterClassSplitter(CharacterClassSplitter.IsPunctuation, Behavior(part)),
        "Whitespace" => RegexSplitter.Words,
        "WhitespaceSplit" => CharacterClassSplitter.WhiteSpace,
        "BertPreTokenizer" => CharacterClassSplitter.Bert,
        "Metaspace" => Metaspace(part),
        "CharDelimiterSplit" => CharDelimiter(part),
        string other => throw part.Unsupported($"a pre-tokenizer {PlainText.Quoted(other)}", "Sequence, ByteLevel, Split, Digits, Punctuation, Whitespace, "
            + "WhitespaceSplit, BertPreTokenizer, Metaspace or CharDelimiterSplit"),
    };

    private static WordSplitter Sequence(JsonValue part)
    {
        JsonValue[] steps = [.. part.Get("pretokenizers").Items()];
        // After ByteLevel, words are in the byte alphabet, which other steps would have to read; nobody needs that but Falcon.
        for (int i = 0; i < steps.Length - 1; i++)
        {
            if (IsByteLevel(steps[i]))
                throw steps[i].Unsupported("ByteLevel before another pre-tokenizer", "ByteLevel as the last");
        }
        return new WordSplitter.Sequence([.. steps.Select(ReadOne)]);
    }

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
