using System.Text;

namespace Formwork.Runtime.Tokenization;

/// <summary>One id a character (Unicode scalar). Entries of several characters are special tokens.</summary>
internal sealed class CharacterTokenizer : FileTokenizer
{
    private readonly Vocabulary _vocabulary;
    private readonly int _unknown = -1;

    private CharacterTokenizer(string source, Vocabulary vocabulary, AddedTokens special) : base(source, vocabulary.Size, special)
    {
        _vocabulary = vocabulary;
        if (vocabulary.TryFind("<unk>", out int id))
            _unknown = id;
    }

    public static CharacterTokenizer Load(string path)
    {
        Vocabulary vocabulary = MapFile.Read(path);
        var special = new AddedTokens(vocabulary.Ids.Where(entry => !IsOneCharacter(entry.Key)).Select(entry => new AddedToken(entry.Key, entry.Value, Special: true)));
        return new CharacterTokenizer(path, vocabulary, special);
    }

    private static bool IsOneCharacter(string text) => Rune.TryGetRuneAt(text.Length == 0 ? " " : text, 0, out Rune rune) && rune.Utf16SequenceLength == text.Length;

    public override string WrittenForm(int token) => _vocabulary.Form(token) ?? throw NoSuchToken(token);

    public override int? Find(string form) => _vocabulary.TryFind(form, out int id) ? id : null;

    protected override void EncodePlain(string text, bool first, bool allowSpecial, List<int> tokens)
    {
        Span<char> form = stackalloc char[2];
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!_vocabulary.TryFind(form[..rune.EncodeToUtf16(form)], out int id))
                id = _unknown;
            if (id < 0)
                throw new InvalidInputException("prompt", $"character {at + 1}", $"{PlainText.Quoted(rune.ToString())} (U+{rune.Value:X4})",
                    $"a character of the vocabulary ({VocabularySize} in {Source})", "Leave the character out, or use a tokenizer that knows it.");
            tokens.Add(id);
            at++;
        }
    }

    public override bool AppendBytes(int token, bool atStart, Utf8Buffer bytes)
    {
        string form = WrittenForm(token);
        if (Added.SpecialIds.Contains(token))
            return atStart;
        bytes.Add(form);
        return false;
    }
}
