namespace Formwork.Runtime.Tokenization;

/// <summary>Kinds of tokenizer, named by their files' format; the same names as a spec's <c>tokenizer: {kind: …}</c>.</summary>
public enum TokenizerKind
{
    /// <summary>The model takes ids only.</summary>
    None,

    /// <summary>Byte-level byte-pair encoding: vocab.json and merges.txt, or encoder.json and vocab.bpe (GPT-2).</summary>
    ByteBpe,

    /// <summary>A SentencePiece tokenizer.model.</summary>
    SentencePiece,

    /// <summary>A vocab.txt (BERT).</summary>
    WordPiece,

    /// <summary>llama2.c's tokenizer.bin.</summary>
    Llama2C,

    /// <summary>One id a whitespace-separated word, from a JSON map of word to id.</summary>
    Words,

    /// <summary>One id a character, from a JSON map of character to id.</summary>
    Characters,

    /// <summary>Hugging Face's tokenizer.json.</summary>
    TokenizerJson,

    /// <summary>Marian's source.spm, target.spm and vocab.json (Opus-MT).</summary>
    Marian,
}
