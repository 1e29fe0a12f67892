using Formwork.Runtime.Tokenization.HuggingFace;

namespace Formwork.Runtime.Tokenization;

/// <summary>Makes the tokenizer that a spec describes from the files in a model's folder.</summary>
public static class TokenizerLoader
{
    /// <summary>Reads and checks the tokenizer's files; null when the model has none and takes ids only.</summary>
    /// <param name="description">The kind, and the files' names where they are not the usual ones.</param>
    /// <param name="folder">Where the files are, or the file that the description's <c>File</c> names, whatever it is called.</param>
    /// <exception cref="InvalidInputException">A file is missing or broken, or has a part that is not supported.</exception>
    public static TextTokenizer? Load(TokenizerDescription description, string folder)
    {
        if (File.Exists(folder))
            return Load(description with { File = Path.GetFileName(folder) }, Path.GetDirectoryName(Path.GetFullPath(folder))!);
        string? file = description.File;
        return description.Kind switch
        {
            TokenizerKind.None => null,
            TokenizerKind.ByteBpe => ByteBpeReader.Load(TokenizerFile.Find(folder, file, "vocab.json", "encoder.json"),
                TokenizerFile.Find(folder, description.MergesFile, "merges.txt", "vocab.bpe")),
            TokenizerKind.Llama2C => Llama2CTokenizer.Load(TokenizerFile.Find(folder, file, "tokenizer.bin"), description.BeginToken ?? 1),
            TokenizerKind.SentencePiece => SentencePieceTokenizer.Load(TokenizerFile.Find(folder, file, "tokenizer.model", "spiece.model", "sentencepiece.bpe.model")),
            TokenizerKind.WordPiece => WordPieceReader.Load(TokenizerFile.Find(folder, file, "vocab.txt")),
            TokenizerKind.TokenizerJson => TokenizerJsonReader.Load(TokenizerFile.Find(folder, file, "tokenizer.json")),
            TokenizerKind.Words => WordTokenizer.Load(TokenizerFile.Find(folder, file, "token_mappings.json", "vocab.json"), description),
            TokenizerKind.Characters => CharacterTokenizer.Load(TokenizerFile.Find(folder, file, "characters.json", "vocab.json")),
            _ => throw new ArgumentOutOfRangeException(nameof(description), description.Kind, "No such kind of tokenizer."),
        };
    }
}
