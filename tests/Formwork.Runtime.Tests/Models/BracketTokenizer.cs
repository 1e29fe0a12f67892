using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Tests.Models;

/// <summary>A digit a token, 8 before a text and after each, as BERT's: a pair's second text has type 1. <c>?</c> is the mask, 9, where special tokens are allowed.</summary>
internal sealed class BracketTokenizer : TextTokenizer
{
    public override int VocabularySize => 10;

    public override int? MaskToken => 9;

    public override IReadOnlyList<int> Encode(string text) => Encode(text, allowSpecial: false);

    public override IReadOnlyList<int> Encode(string text, bool allowSpecial) => [.. text.Select(letter => letter == '?' ? (allowSpecial ? 9 : 0) : letter - '0')];

    public override TokenizedText EncodeForModel(string text, string? pair = null, bool allowSpecial = false)
    {
        int[] first = [8, .. Encode(text, allowSpecial), 8], second = pair is null ? [] : [.. Encode(pair, allowSpecial), 8];
        int[] ids = [.. first, .. second];
        return new TokenizedText(ids, [.. first.Select(_ => 0), .. second.Select(_ => 1)], [.. ids.Select(id => id == 8)]);
    }

    public override string WrittenForm(int token) => token == 9 ? "?" : $"{token}";

    public override TokenTextStream NewStream() => throw new NotSupportedException();
}
