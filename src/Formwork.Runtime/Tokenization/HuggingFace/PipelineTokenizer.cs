namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Hugging Face's order of things: added tokens, normalizer, words, model; and a decoder for the way back.</summary>
internal sealed class PipelineTokenizer(string source, AddedTokens added, TextNormalizer? normalizer, WordSplitter splitter, WordModel model, TokenDecoder decoder)
    : FileTokenizer(source, Math.Max(model.Vocabulary.Size, added.Size), added)
{
    public override string WrittenForm(int token) => Added.Form(token) ?? model.Vocabulary.Form(token) ?? throw NoSuchToken(token);

    protected override void EncodePlain(string text, bool first, List<int> tokens)
    {
        foreach (string word in splitter.Split(normalizer?.Normalize(text) ?? text, first))
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
