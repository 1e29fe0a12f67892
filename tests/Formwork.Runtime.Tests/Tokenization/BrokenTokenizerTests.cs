using System.Buffers.Binary;
using System.Text;
using Formwork.Runtime.Tokenization;
using Xunit;

namespace Formwork.Runtime.Tests.Tokenization;

/// <summary>Broken files, and what is said of each: the file, the place, what is there and what should be.</summary>
public class BrokenTokenizerTests
{
    private const string Merges = "#version: 0.2\na b\n", Vocabulary = """{"a": 0, "b": 1, "ab": 2}""";

    public static TheoryData<string, TokenizerKind, string, string> Texts => new()
    {
        { "no file", TokenizerKind.WordPiece, "other.txt", "found no tokenizer file; expected vocab.txt." },
        { "no files of two", TokenizerKind.ByteBpe, "other.txt", "expected vocab.json or encoder.json." },
        { "no json", TokenizerKind.TokenizerJson, "other.txt", "expected tokenizer.json." },
        { "no bin", TokenizerKind.Llama2C, "other.txt", "expected tokenizer.bin." },
        { "", TokenizerKind.WordPiece, "vocab.txt", "vocab.txt: found an empty file" },
        { "", TokenizerKind.Words, "vocab.json", "vocab.json: found an empty file" },
        { "a\n[UNK]\na\n", TokenizerKind.WordPiece, "vocab.txt", "line 3: found 'a' twice, with ids 0 and 2; expected each piece once" },
        { "a\nb\n", TokenizerKind.WordPiece, "vocab.txt", "found no piece [UNK]" },
        { "{}", TokenizerKind.Words, "vocab.json", "$: found an empty vocabulary" },
        { """{"a": 0, """, TokenizerKind.Words, "vocab.json", "vocab.json: line 1, byte 10 of it: found broken JSON" },
        { "[1]", TokenizerKind.Words, "vocab.json", "$: found an array; expected an object" },
        { """{"a": "0"}""", TokenizerKind.Words, "vocab.json", "$.a: found a string; expected an integer of 32 bits" },
        { """{"a": 0, "b": 0}""", TokenizerKind.Words, "vocab.json", "$.b: found id 0 for both 'a' and 'b'" },
        { """{"a": 0, "a": 1}""", TokenizerKind.Words, "vocab.json", "$.a: found 'a' twice, with ids 0 and 1" },
        { """{"a": -1}""", TokenizerKind.Characters, "vocab.json", "$.a: found id -1; expected 0 … 65552" },
        { """{"a": 2147483647}""", TokenizerKind.Characters, "vocab.json", "found id 2147483647" },
        { """{"a": 1e99}""", TokenizerKind.Characters, "vocab.json", "found the number 1e99" },
        { """{"\ud800": 1}""", TokenizerKind.Characters, "vocab.json", "found a name that is no valid Unicode" },
        { """{"token2id": {"a": null}}""", TokenizerKind.Characters, "vocab.json", "$.token2id.a: found null" },
        { "{}", TokenizerKind.TokenizerJson, "tokenizer.json", "$: found no model" },
        { """{"model": {"type": "Unigram", "vocab": []}}""", TokenizerKind.TokenizerJson, "tokenizer.json", "$.model.vocab: found an empty vocabulary" },
        { """{"model": {"type": "Bigram", "vocab": []}}""", TokenizerKind.TokenizerJson, "tokenizer.json", "$.model: found a model 'Bigram'; expected BPE, WordPiece, WordLevel or Unigram" },
        { """{"model": {"type": "Unigram", "unk_id": 3, "vocab": [["a", -1]]}}""", TokenizerKind.TokenizerJson, "tokenizer.json", "$.model.unk_id: found 3; expected an id of the vocabulary, 0 … 0" },
        { """{"model": {"type": "Unigram", "vocab": [["a", -1], ["a", -2]]}}""", TokenizerKind.TokenizerJson, "tokenizer.json", "$.model.vocab[1]: found 'a' twice" },
        { """{"model": {"type": "Unigram", "vocab": [["a", "b"]]}}""", TokenizerKind.TokenizerJson, "tokenizer.json", "$.model.vocab[0][1]: found a string; expected a number" },
        { """{"model": {"type": "Unigram", "vocab": [["a"]]}}""", TokenizerKind.TokenizerJson, "tokenizer.json", "$.model.vocab[0]: found 1 parts; expected a piece and its log probability" },
        { Json("\"pre_tokenizer\": {\"type\": \"Syllables\"}"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.pre_tokenizer: found a pre-tokenizer 'Syllables'" },
        { Json("\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Rot13\"}]}"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.normalizer.normalizers[0]: found a normalizer 'Rot13'" },
        { Json("\"normalizer\": {\"type\": \"Precompiled\"}"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.normalizer: found no precompiled_charsmap" },
        { Json("\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"*\"}"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.normalizer.precompiled_charsmap: found text that is no base64" },
        { Json("\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"AAAA\"}"), TokenizerKind.TokenizerJson, "tokenizer.json", "found a character map of 3 bytes; expected at least 4" },
        { Json("\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"CAAAAAAAAAA=\"}"), TokenizerKind.TokenizerJson, "tokenizer.json", "found a character map whose trie has 8 of 4 bytes" },
        { Json("\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"BAAAAAAEAAA=\"}"), TokenizerKind.TokenizerJson, "tokenizer.json", "found a damaged character map: a link to unit 1 of 1" },
        { Json("\"post_processor\": {\"type\": \"Stamp\"}"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.post_processor: found a post-processor 'Stamp'" },
        { Json("\"post_processor\": {\"type\": \"BertProcessing\", \"sep\": [\"a\", 0], \"cls\": [\"x\", 9]}"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.post_processor.cls[1]: found id 9; expected an id of the vocabulary" },
        { Json("\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": [{\"Sequence\": {\"id\": \"C\"}}], \"pair\": []}"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.post_processor.single[0].Sequence.id: found 'C'; expected A or B" },
        { Json("\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"x\"}}], \"pair\": [], \"special_tokens\": {}}"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.post_processor.special_tokens: found no x" },
        { Json("\"post_processor\": {\"type\": \"Sequence\", \"processors\": [{\"type\": \"BertProcessing\", \"sep\": [\"a\", 0], \"cls\": [\"b\", 1]}, {\"type\": \"BertProcessing\", \"sep\": [\"a\", 0], \"cls\": [\"b\", 1]}]}"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.post_processor: found 2 processors that add tokens; expected one" },
        { Json("\"decoder\": {\"type\": \"CTC\"}"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.decoder: found a decoder 'CTC'" },
        { Json("\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"(\"}}"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.pre_tokenizer.pattern.Regex: found the pattern '('" },
        { Json("\"added_tokens\": [{\"id\": 0, \"content\": \"x\"}]"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.added_tokens[0].id: found id 0 for 'x', which 'a' has" },
        { Json("\"added_tokens\": [{\"id\": 1999999999, \"content\": \"x\"}]"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.added_tokens[0].id: found id 1999999999" },
        { Json("\"decoder\": null", "[\"a c\"]"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.model.merges[0]: found a merge with 'c', which the vocabulary lacks" },
        { Json("\"decoder\": null", "[\"a\"]"), TokenizerKind.TokenizerJson, "tokenizer.json", "$.model.merges[0]: found 1 parts; expected two tokens" },
    };

    private static string Json(string rest, string merges = "[]") => $$"""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": {{merges}}}, {{rest}}}""";

    [Theory]
    [MemberData(nameof(Texts))]
    public void ABrokenTextFileIsExplained(string content, TokenizerKind kind, string name, string expected)
    {
        using var folder = new TokenizerFolder();
        AssertExplained(expected, folder.With(name, content), kind);
    }

    [Theory]
    [InlineData("#version: 0.2\na c\n", "line 2: found a merge with 'c', which the vocabulary lacks")]
    [InlineData("a b\nb a\n", "line 2: found a merge with 'ba', which the vocabulary lacks")]
    [InlineData("a b\na b\n", "line 2: found the merge of 'a' and 'b' again")]
    [InlineData("a b c\n", "line 1: found 'a b c'; expected two tokens")]
    [InlineData("ab\n", "line 1: found 'ab'")]
    [InlineData(" b\n", "line 1: found a merge with an empty part")]
    public void BrokenMergesAreExplained(string merges, string expected)
    {
        using var folder = new TokenizerFolder();
        AssertExplained($"merges.txt: {expected}", folder.With("vocab.json", Vocabulary).With("merges.txt", merges), TokenizerKind.ByteBpe);
    }

    [Fact]
    public void MissingMergesAndBytesThatAreNoUtf8AreExplained()
    {
        using var folder = new TokenizerFolder();
        AssertExplained("expected merges.txt or vocab.bpe.", folder.With("vocab.json", Vocabulary), TokenizerKind.ByteBpe);
        AssertExplained("merges.txt: line 2: found bytes that are no UTF-8", folder.With("merges.txt", [.. "a b\n"u8, 0xFF, (byte)' ', (byte)'b']), TokenizerKind.ByteBpe);
        Assert.Equal([2], folder.With("merges.txt", Merges).Load(TokenizerKind.ByteBpe).Encode("ab"));
    }

    [Fact]
    public void AMissingFolderAndAMissingNamedFileAreExplained()
    {
        using var folder = new TokenizerFolder();
        var description = new TokenizerDescription(TokenizerKind.Llama2C, "mine.bin", null, null, []);
        Assert.Contains("expected mine.bin.", Assert.Throws<InvalidInputException>(() => TokenizerLoader.Load(description, folder.Path)).Message);
        Assert.Contains("found no such folder", Assert.Throws<InvalidInputException>(() => TokenizerLoader.Load(description, Path.Combine(folder.Path, "none"))).Message);
        Assert.Null(TokenizerLoader.Load(description with { Kind = TokenizerKind.None }, folder.Path));
    }

    public static TheoryData<string, byte[], string> Llama2CFiles => new()
    {
        { "header", [1, 0], "byte 0: found 2 bytes; expected an int32" },
        { "negative longest", Llama2C(-1), "byte 0: found a longest piece of -1 bytes" },
        { "huge longest", Llama2C(int.MaxValue), "byte 0: found a longest piece of 2147483647 bytes" },
        { "negative length", [.. Llama2C(8), .. Entry(0, -5, "")], "byte 8: found length -5 of token 0; expected 0 … 8" },
        { "huge length", [.. Llama2C(8), .. Entry(0, int.MaxValue, "")], "byte 8: found length 2147483647 of token 0" },
        { "cut in a piece", [.. Llama2C(8), .. Entry(0, 5, "ab")], "byte 12: found the end of the file, 2 bytes on, in token 0; expected 5 bytes" },
        { "cut in a head", [.. Llama2C(8), .. Entry(0, 1, "a"), 0, 0], "byte 13: found the end of the file, 2 bytes on, in token 1" },
        { "not a number", [.. Llama2C(8), .. Entry(float.NaN, 1, "a")], "byte 4: found score NaN of token 0" },
        { "no byte tokens", [.. Llama2C(8), .. Entry(0, 1, "a"), .. Entry(0, 1, "b"), .. Entry(0, 1, "c"), .. Entry(0, 1, "d")], "token 3: found 'd'; expected '<0x00>'" },
        { "too few tokens", [.. Llama2C(8), .. Entry(0, 1, "a")], "token 3: found the end of the file" },
    };

    private static byte[] Llama2C(int longest) => BitConverter.GetBytes(longest);

    private static byte[] Entry(float score, int length, string piece)
    {
        var head = new byte[8];
        BinaryPrimitives.WriteSingleLittleEndian(head, score);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), length);
        return [.. head, .. Encoding.UTF8.GetBytes(piece)];
    }

    [Theory]
    [MemberData(nameof(Llama2CFiles))]
    public void ABrokenLlama2CFileIsExplained(string name, byte[] content, string expected)
    {
        Assert.NotEmpty(name);
        using var folder = new TokenizerFolder();
        AssertExplained($"tokenizer.bin: {expected}", folder.With("tokenizer.bin", content), TokenizerKind.Llama2C);
    }

    public static TheoryData<string, byte[], string> SentencePieceFiles => new()
    {
        { "no pieces", [0x12, 0x00], "found a model without pieces" },
        { "noise", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "found a number of more than ten bytes" },
        { "cut", [0x0A, 0x05, 0x0A], "byte 2: found a field of 5 bytes; expected at most 1" },
        { "field 0", [0x00], "byte 1: found field 0" },
        { "wire type", [0x0B], "byte 1: found wire type 3; expected 2" },
        { "no unknown", new SentencePieceFile().Piece("a", 0).Bytes(), "found no or several unknown pieces" },
        { "again", new SentencePieceFile().Piece("<unk>", 0, 2).Piece("a", 0).Piece("a", 0).Bytes(), "piece 2: found 'a' again, which is piece 1" },
        { "empty piece", new SentencePieceFile().Piece("<unk>", 0, 2).Piece("", 0).Bytes(), "piece 1: found an empty piece" },
        { "bytes", new SentencePieceFile { ByteFallback = true }.Piece("<unk>", 0, 2).Bytes(), "found 0 byte pieces; expected 256" },
        { "byte form", new SentencePieceFile().Piece("<unk>", 0, 2).Piece("x", 0, 6).Bytes(), "piece 1: found 'x' as a byte" },
        { "type", new SentencePieceFile().Piece("<unk>", 0, 9).Bytes(), "found a piece of type 9" },
        { "not a number", new SentencePieceFile().Piece("<unk>", float.NaN, 2).Bytes(), "found a score that is no number" },
        { "map", new SentencePieceFile { Map = [8, 0, 0, 0, 1] }.Piece("<unk>", 0, 2).Bytes(), "normalizer: found a character map whose trie has 8 of 1 bytes" },
        { "words", new SentencePieceFile { Algorithm = 3 }.Piece("<unk>", 0, 2).Bytes(), "found model type 3; expected 1 (unigram) or 2 (BPE)" },
    };

    [Theory]
    [MemberData(nameof(SentencePieceFiles))]
    public void ABrokenSentencePieceModelIsExplained(string name, byte[] content, string expected)
    {
        Assert.NotEmpty(name);
        using var folder = new TokenizerFolder();
        AssertExplained(expected, folder.With("tokenizer.model", content), TokenizerKind.SentencePiece);
    }

    private static void AssertExplained(string expected, TokenizerFolder folder, TokenizerKind kind)
    {
        var error = Assert.Throws<InvalidInputException>(() => folder.Load(kind));
        Assert.Contains(expected, error.Message);
        Assert.StartsWith(folder.Path, error.Message);
        Assert.NotEmpty(error.Remedy);
    }
}
