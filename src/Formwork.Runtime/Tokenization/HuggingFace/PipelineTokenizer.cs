namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Hugging Face's order of things: added tokens, normalizer, added tokens of the normalized text, words, model; and a decoder for the way back.</summary>
internal sealed class PipelineTokenizer(string source, AddedTokens added, TextNormalizer? normalizer, WordSplitter splitter, WordModel model, TokenDecoder decoder)
    : FileTokenizer(source, Math.Max(model.Vocabulary.Size, added.Size), added)
{
    public override int SpacesDroppedAtEnd => decoder.SpacesDroppedAtEnd;

    public override string WrittenForm(int token) => Added.Form(token) ?? model.Vocabulary.Form(token) ?? throw NoSuchToken(token);

    public override int? Find(string form) => model.Vocabulary.TryFind(form, out int id) ? id : Added.Tokens.FirstOrDefault(token => token.Text == form)?.Id;

    protected override void EncodePlain(string text, bool first, bool allowSpecial, List<int> tokens)
    {
        foreach ((string part, int token) in Added.SplitNormalized(normalizer?.Normalize(text) ?? text, allowSpecial))
        {
            if (token >= 0)
                tokens.Add(token);
            else
                EncodeWords(part, first, tokens);
            first = false;
        }
    }

    private void EncodeWords(string text, bool first, List<int> tokens)
    {
        foreach (string word in splitter.Split(text, first))
        {
            if (word.Length > 0)
                model.Encode(word, tokens);
        }
    }

    public override bool AppendBytes(int token, bool atStart, Utf8Buffer bytes)
    {
        string form = WrittenForm(token);
        if (Added.SpecialIds.Contains(token))
            return atStart;
        if (Added.Form(token) is null)
            decoder.Append(form, atStart, bytes);
        else
            decoder.AppendAdded(form, atStart, bytes);
        return false;
    }
}
