using System.Text;
using CsCheck;
using Formwork.Runtime.Tokenization;
using Xunit;

namespace Formwork.Runtime.Tests.Tokenization;

/// <summary>Files with random damage either work or end in <see cref="InvalidInputException"/>; nothing else escapes.</summary>
public class MutatedTokenizerTests
{
    private static readonly Gen<(int Kind, int At, byte Value, int Length)[]> Damages =
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 1 << 20], Gen.Byte, Gen.Int[1, 8]).Array[1, 4];

    private static byte[] Damaged(byte[] file, (int Kind, int At, byte Value, int Length)[] damages)
    {
        List<byte> bytes = [.. file];
        foreach ((int kind, int place, byte value, int length) in damages)
        {
            int at = bytes.Count == 0 ? 0 : place % bytes.Count, count = Math.Min(length, bytes.Count - at);
            switch (kind)
            {
                case 0 when count > 0: bytes[at] = value; break;
                case 1: bytes.RemoveRange(at, count); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, count)); break;
                case 3: bytes.RemoveRange(at, bytes.Count - at); break;
                case 4: bytes.InsertRange(at, Enumerable.Repeat(value, length)); break;
                default: break;
            }
        }
        return [.. bytes];
    }

    private static void Check(TokenizerKind kind, string name, byte[] file, (string Name, byte[] Bytes)? beside = null, int iterations = 500)
    {
        using var folder = new TokenizerFolder();
        if (beside is { } other)
            folder.With(other.Name, other.Bytes);
        folder.With(name, file).Load(kind);
        Damages.Sample(damages =>
        {
            try
            {
                TextTokenizer tokenizer = folder.With(name, Damaged(file, damages)).Load(kind);
                tokenizer.Decode(tokenizer.Encode("a ab\u00E9 <s>\U0001F600!", allowSpecial: true));
                tokenizer.Decode([0, 1, 2]);
                tokenizer.EncodeForModel("a b", "ab");
            }
            catch (InvalidInputException)
            {
            }
        }, iter: iterations, threads: 1);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private const string ByteVocabulary = """{"a": 0, "b": 1, "ab": 2, "Ġ": 3, "Ġa": 4, "Ã": 5, "©": 6, "<|end|>": 7}""", ByteMerges = "#version: 0.2\na b\nĠ a\n";

    [Fact]
    public void ByteBpeVocabularies() => Check(TokenizerKind.ByteBpe, "vocab.json", Utf8(ByteVocabulary), ("merges.txt", Utf8(ByteMerges)));

    [Fact]
    public void ByteBpeMerges() => Check(TokenizerKind.ByteBpe, "merges.txt", Utf8(ByteMerges), ("vocab.json", Utf8(ByteVocabulary)));

    [Fact]
    public void WordPieceVocabularies() => Check(TokenizerKind.WordPiece, "vocab.txt", Utf8("[PAD]\n[UNK]\na\n##b\n##e\n!\nab\n"));

    [Fact]
    public void WordMaps() => Check(TokenizerKind.Words, "vocab.json", Utf8("""{"token2id": {"a": 0, "ab c": 1, "<unk>": 2}, "id2token": {"0": "a"}}"""));

    [Fact]
    public void CharacterMaps() => Check(TokenizerKind.Characters, "vocab.json", Utf8("""{"a": 0, "b": 1, "\u00e9": 2, "<unk>": 3, "\ud83d\ude00": 4}"""));

    [Fact]
    public void Llama2CFiles()
    {
        var file = new List<byte>(BitConverter.GetBytes(6));
        foreach (string piece in new[] { "<unk>", "<s>", "</s>" }.Concat(Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>")).Concat([" ", "a", "b", "ab", " a"]))
            file.AddRange([.. BitConverter.GetBytes(-1f), .. BitConverter.GetBytes(piece.Length), .. Utf8(piece)]);
        Check(TokenizerKind.Llama2C, "tokenizer.bin", [.. file]);
    }

    [Theory]
    [InlineData("unigram")]
    [InlineData("bpe")]
    public void SentencePieceModelsWithCharacterMaps(string name) => Check(TokenizerKind.SentencePiece, "tokenizer.model", SentencePieceGolden.Model(name), iterations: 200);

    [Fact]
    public void MarianVocabularies() => Check(TokenizerKind.Marian, "vocab.json", Utf8("""{"</s>": 0, "<unk>": 1, "\u2581a": 2, ">>fra<<": 3, "<pad>": 4}"""), ("source.spm", SentencePieceGolden.Model("unigram")));

    [Theory]
    [InlineData("""{"mask_token": {"content": "a"}, "added_tokens_decoder": {"7": {"content": "<x>", "special": true, "lstrip": true}}, "tokenizer_class": "T5Tokenizer", "extra_ids": 3}""")]
    public void Configurations(string json) => Check(TokenizerKind.SentencePiece, "tokenizer_config.json", Utf8(json), ("tokenizer.model", new SentencePieceFile { Algorithm = 1 }.Piece("<unk>", 0, 2)
        .Piece("</s>", 0, 3).Piece("a", -1).Bytes()));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void SentencePieceModels(int algorithm) => Check(TokenizerKind.SentencePiece, "tokenizer.model", new SentencePieceFile { Algorithm = algorithm }.Piece("<unk>", 0, 2)
        .Piece("<s>", 0, 3).Piece("</s>", 0, 3).Piece("\u2581", -3).Piece("a", -2).Piece("ab", -1).Piece("\u2581a", -1).Piece("  ", 0, 4).Bytes());

    [Theory]
    [InlineData("""
        {"added_tokens": [{"id": 4, "content": "<s>", "special": true, "lstrip": true}], "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
        {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}, {"type": "NFC"}]}, "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first"},
        "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1}]},
        "model": {"type": "BPE", "unk_token": "a", "fuse_unk": true, "byte_fallback": true, "vocab": {"a": 0, "b": 1, "ab": 2, "▁": 3}, "merges": ["a b"]}}
        """)]
    [InlineData("""
        {"added_tokens": [{"id": 3, "content": "<s>", "special": true, "rstrip": true, "single_word": true}], "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Digits"},
        {"type": "Split", "pattern": {"Regex": " ?\\p{L}+|[^a]"}, "behavior": "Isolated", "invert": false}, {"type": "ByteLevel", "add_prefix_space": true, "use_regex": false}]},
        "decoder": {"type": "ByteLevel"}, "model": {"type": "BPE", "ignore_merges": true, "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]]}}
        """)]
    [InlineData("""
        {"normalizer": {"type": "BertNormalizer", "lowercase": true}, "pre_tokenizer": {"type": "BertPreTokenizer"}, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
        "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "B", "type_id": 1}}], "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [3]}}},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "a": 1, "##b": 2, "[CLS]": 3}}}
        """)]
    [InlineData("""
        {"normalizer": {"type": "Sequence", "normalizers": [{"type": "Nmt"}, {"type": "NFKC"}, {"type": "Precompiled", "precompiled_charsmap": "BAAAAAAAAAAA"}]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}]},
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}, "post_processor": {"type": "RobertaProcessing", "sep": ["b", 2], "cls": ["a", 1]},
        "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": true, "vocab": [["<unk>", 0.0], ["a", -1.5], ["b", -2], ["▁a", -2.5], ["<0x41>", -9]]}}
        """)]
    public void TokenizerJsonFiles(string json) => Check(TokenizerKind.TokenizerJson, "tokenizer.json", Utf8(json), iterations: 800);
}
