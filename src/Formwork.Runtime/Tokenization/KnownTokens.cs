namespace Formwork.Runtime.Tokenization;

/// <summary>The ids of tokens with a purpose that all families share; null where there is none.</summary>
internal sealed record KnownTokens(int? Mask, int? Pad, int? Unknown, int? Cls, int? Sep)
{
    public static KnownTokens None { get; } = new(null, null, null, null, null);

    /// <summary>The tokens that the configuration beside a tokenizer names; else those with the usual names.</summary>
    public static KnownTokens Of(FileTokenizer tokenizer, TokenizerConfig config)
    {
        return new(Id("mask_token", "[MASK]", "<mask>"), Id("pad_token", "[PAD]", "<pad>"), Id("unk_token", "[UNK]", "<unk>"), Id("cls_token", "[CLS]"), Id("sep_token", "[SEP]"));

        int? Id(string name, params string[] usual) => (config.Named.TryGetValue(name, out string? form) ? [form] : usual)
            .Select(tokenizer.Find).FirstOrDefault(id => id is not null);
    }
}
