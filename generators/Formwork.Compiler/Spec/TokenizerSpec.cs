using Formwork.Compiler.Text;

namespace Formwork.Compiler.Spec;

/// <summary>Kinds of tokenizer, named by their files' format.</summary>
public enum TokenizerKind
{
    /// <summary>The model takes ids only.</summary>
    None,

    /// <summary><c>byte_bpe</c>: byte-level byte-pair encoding with vocab.json and merges.txt, or encoder.json and vocab.bpe (GPT-2).</summary>
    ByteBpe,

    /// <summary><c>sentencepiece</c>: a SentencePiece tokenizer.model.</summary>
    SentencePiece,

    /// <summary><c>wordpiece</c>: a vocab.txt (BERT).</summary>
    WordPiece,

    /// <summary><c>llama2c</c>: llama2.c's tokenizer.bin.</summary>
    Llama2C,

    /// <summary><c>words</c>: one id a whitespace-separated word, from a JSON map of word to id.</summary>
    Words,

    /// <summary><c>characters</c>: one id a character, from a JSON map of character to id.</summary>
    Characters,

    /// <summary><c>tokenizer_json</c>: Hugging Face's tokenizer.json.</summary>
    TokenizerJson,

    /// <summary><c>marian</c>: source.spm and target.spm, whose pieces have their ids from a vocab.json.</summary>
    Marian,
}

/// <summary>How text becomes token ids, <c>tokenizer:</c>.</summary>
/// <param name="Kind">Which format.</param>
/// <param name="File">The file beside the weights; null for the format's usual names.</param>
/// <param name="MergesFile">The merges beside it (byte_bpe); null for the usual names.</param>
/// <param name="BeginToken">The id put before a prompt, <c>begin:</c>; null for none.</param>
/// <param name="EndTokens">The ids that end a text, <c>end:</c>.</param>
public sealed record TokenizerSpec(TokenizerKind Kind, string? File, string? MergesFile, int? BeginToken, EquatableArray<int> EndTokens);
