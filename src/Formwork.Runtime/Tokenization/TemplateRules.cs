namespace Formwork.Runtime.Tokenization;

/// <summary>How a text is framed where no file says it: the habits of the families, and the spec's begin and end tokens.</summary>
internal static class TemplateRules
{
    public static TextTemplate Of(TokenizerDescription description, FileTokenizer tokenizer, TokenizerConfig config)
    {
        int? begin = description.BeginToken, end = description.EndTokens.Count > 0 ? description.EndTokens[0] : null;
        int? Named(string name, string usual) => tokenizer.Find(config.Named.GetValueOrDefault(name, usual));
        if (config.Family is "XLMRoberta" or "Roberta" or "Bart" or "Longformer" or "LED" && Named("bos_token", "<s>") is { } open && Named("eos_token", "</s>") is { } close)
            return TextTemplate.Roberta(open, close);
        if (description.Kind is TokenizerKind.WordPiece or TokenizerKind.SentencePiece && tokenizer.Known is { Cls: { } cls, Sep: { } sep })
            return TextTemplate.Bert(cls, sep);
        if (tokenizer is SentencePieceTokenizer { IsUnigram: true } && begin is null && config.Family is "T5" or "" && config.AddsBegin != true && Named("eos_token", "</s>") is { } ending)
            return TextTemplate.EachEnded(ending);
        // A list of words says nothing of its own, so the spec's tokens frame the text.
        if (description.Kind is TokenizerKind.Words or TokenizerKind.Characters)
            return TextTemplate.Framed(begin, end);
        if (config.AddsBegin == true)
            begin ??= Named("bos_token", "<s>");
        return TextTemplate.Framed(config.AddsBegin == false ? null : begin, config.AddsEnd == true ? Named("eos_token", "</s>") ?? end : null);
    }
}
