using Formwork.Runtime.Tokenization.HuggingFace;

namespace Formwork.Runtime.Tokenization;

/// <summary>Makes the tokenizer that a spec describes from the files in a model's folder.</summary>
public static class TokenizerLoader
{
    /// <summary>Reads and checks the tokenizer's files; null when the model has none and takes ids only.</summary>
    /// <param name="description">The kind, and the files' names where they are not the usual ones.</param>
    /// <param name="folder">Where the files are, or the file that the description's <c>File</c> names, whatever it is called.</param>
    /// <exception cref="InvalidInputException">A file is missing or broken, or has a part that is not supported.</exception>
    public static TextTokenizer? Load(TokenizerDescription description, string folder) => Load(description, folder, target: false);

    /// <summary>
    /// The tokenizer of what an encoder-decoder writes, where it is not that of what it reads (Marian); else the same again. Null when the model
    /// takes ids only.
    /// </summary>
    /// <inheritdoc cref="Load(TokenizerDescription, string)"/>
    public static TextTokenizer? LoadTarget(TokenizerDescription description, string folder) => Load(description, folder, target: true);

    /// <summary>Whether <see cref="LoadTarget"/> gives another tokenizer than <see cref="Load(TokenizerDescription, string)"/>.</summary>
    public static bool HasOwnTarget(TokenizerDescription description) => description.Kind == TokenizerKind.Marian;

    private static FileTokenizer? Load(TokenizerDescription description, string folder, bool target)
    {
        if (File.Exists(folder))
            return Load(description with { File = Path.GetFileName(folder) }, Path.GetDirectoryName(Path.GetFullPath(folder))!, target);
        if (description.Kind == TokenizerKind.None)
            return null;
        TokenizerConfig config = TokenizerConfig.Beside(folder);
        FileTokenizer tokenizer = Read(description, folder, target, config);
        tokenizer.Known = KnownTokens.Of(tokenizer, config);
        tokenizer.Template ??= TemplateRules.Of(description, tokenizer, config);
        return tokenizer;
    }

    private static FileTokenizer Read(TokenizerDescription description, string folder, bool target, TokenizerConfig config)
    {
        string? file = description.File;
        return description.Kind switch
        {
            TokenizerKind.ByteBpe => ByteBpeReader.Load(TokenizerFile.Find(folder, file, "vocab.json", "encoder.json"),
                TokenizerFile.Find(folder, description.MergesFile, "merges.txt", "vocab.bpe"), config),
            TokenizerKind.Llama2C => Llama2CTokenizer.Load(TokenizerFile.Find(folder, file, "tokenizer.bin"), description.BeginToken ?? 1),
            TokenizerKind.SentencePiece => SentencePieceTokenizer.Load(TokenizerFile.Find(folder, file, "tokenizer.model", "spiece.model", "sentencepiece.bpe.model"), config),
            TokenizerKind.WordPiece => WordPieceReader.Load(TokenizerFile.Find(folder, file, "vocab.txt"), config),
            TokenizerKind.TokenizerJson => TokenizerJsonReader.Load(TokenizerFile.Find(folder, file, "tokenizer.json")),
            TokenizerKind.Words => WordTokenizer.Load(TokenizerFile.Find(folder, file, "token_mappings.json", "vocab.json"), description),
            TokenizerKind.Characters => CharacterTokenizer.Load(TokenizerFile.Find(folder, file, "characters.json", "vocab.json")),
            TokenizerKind.Marian => MarianTokenizer.Load(folder, file, target),
            _ => throw new ArgumentOutOfRangeException(nameof(description), description.Kind, "No such kind of tokenizer."),
        };
    }
}
