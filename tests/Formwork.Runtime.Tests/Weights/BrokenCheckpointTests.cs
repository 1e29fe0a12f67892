using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;
using static Formwork.Runtime.Tests.Weights.CheckpointBytes;

namespace Formwork.Runtime.Tests.Weights;

/// <summary>Every way a weight file can be wrong has a message of its own that says where, what and what to do.</summary>
public sealed class BrokenCheckpointTests
{
    private const string Safe = "m.safetensors", Bin = "m.bin", Index = "model.safetensors.index.json";
    private static readonly string Good = Entry("w", "F32", "[2, 3]", "[0, 24]");

    // Name, file, content, what the message must say.
    private static readonly (string Name, string File, byte[] Content, string[] Says)[] Rows =
    [
        ("empty", Safe, [], ["0 bytes", "at least 8"]),
        ("three bytes", Safe, [1, 2, 3], ["3 bytes", "at least 8"]),
        ("header longer than the file", Safe, [200, 0, 0, 0, 0, 0, 0, 0, 1, 2], ["header length of 200", "at most 2", "truncated"]),
        ("header of 2^60 bytes", Safe, [0, 0, 0, 0, 0, 0, 0, 16, 1, 2], ["1152921504606846976", "not a safetensors file"]),
        ("header of 2^64 - 1 bytes", Safe, [255, 255, 255, 255, 255, 255, 255, 255, 1, 2], ["18446744073709551615", "not a safetensors file"]),
        ("no JSON", Safe, Safetensors("tensors: none", 0), ["header", "not JSON"]),
        ("JSON cut short", Safe, Safetensors("{" + Good[..^4], 24), ["header", "not JSON"]),
        ("a list", Safe, Safetensors("[1]", 0), ["`[`", "an object"]),
        ("text after the object", Safe, Safetensors("{" + Good + "} x", 24), ["not JSON"]),
        ("name that is not UTF-8", Safe, Safetensors([(byte)'{', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)':', (byte)'1', (byte)'}'], 0), ["not JSON"]),
        ("tensor that is a number", Safe, Safetensors("{\"w\": 7}", 0), ["w: ", "`7`", "an object"]),
        ("two tensors of a name", Safe, Safetensors("{" + Good + "," + Good + "}", 24), ["w: ", "two tensors", "one"]),
        ("no dtype", Safe, Safetensors("""{"w": {"shape": [2, 3], "data_offsets": [0, 24]}}""", 24), ["w: ", "no `dtype`"]),
        ("no shape", Safe, Safetensors("""{"w": {"dtype": "F32", "data_offsets": [0, 24]}}""", 24), ["w: ", "no `shape`"]),
        ("no offsets", Safe, Safetensors("""{"w": {"dtype": "F32", "shape": [2, 3]}}""", 24), ["w: ", "no `data_offsets`"]),
        ("unknown dtype", Safe, One("Q7", "[2, 3]", "[0, 24]"), ["w: ", "unknown element type `Q7`", "F32, F16, BF16", "Save the weights as"]),
        ("negative size", Safe, One("F32", "[-2, 3]", "[0, 24]"), ["w: ", "`-2` in shape", "not negative"]),
        ("size that is a fraction", Safe, One("F32", "[2.5, 3]", "[0, 24]"), ["`2.5` in shape", "whole numbers"]),
        ("size beyond 64 bits", Safe, One("F32", "[99999999999999999999]", "[0, 24]"), ["`99999999999999999999` in shape"]),
        ("size of 2^60", Safe, One("F32", "[1152921504606846976]", "[0, 24]"), ["24 bytes", "4611686018427387904"]),
        ("product beyond 64 bits", Safe, One("F32", "[1152921504606846976, 1152921504606846976]", "[0, 24]"), ["which no file can hold"]),
        ("shape and offsets disagree", Safe, One("F32", "[2, 4]", "[0, 24]"), ["24 bytes between its offsets [0, 24]", "32, for shape [2, 4] of F32"]),
        ("one offset", Safe, One("F32", "[2, 3]", "[24]"), ["data_offsets [24]", "a start and an end"]),
        ("offsets the wrong way round", Safe, One("F32", "[2, 3]", "[24, 0]"), ["data_offsets [24, 0]", "not before it"]),
        ("negative offset", Safe, One("F32", "[2, 3]", "[-24, 0]"), ["`-24` in data_offsets"]),
        ("offsets near 2^63", Safe, One("F32", "[2, 3]", "[9223372036854775783, 9223372036854775807]"), ["24 bytes after the header", "truncated"]),
        ("elements cut short", Safe, Safetensors("{" + Good + "}", 20), ["w: ", "20 bytes after the header", "at least 24", "truncated"]),
        ("overlap", Safe, Safetensors("{" + Good + "," + Entry("v", "F32", "[2]", "[20, 28]") + "}", 28), ["v: ", "inside `w`, which ends at 24", "do not overlap"]),
        ("same place twice", Safe, Safetensors("{" + Good + "," + Entry("v", "F32", "[6]", "[0, 24]") + "}", 24), ["inside `", "do not overlap"]),
        ("hole", Safe, Safetensors("{" + Good + "," + Entry("v", "F32", "[1]", "[9000, 9004]") + "}", 9004), ["v: ", "8976 bytes at offset 24", "belong to no tensor"]),
        ("more after the last tensor", Safe, Safetensors("{" + Good + "}", 90_000), ["89976 bytes at offset 24", "belong to no tensor"]),
        ("metadata that is not text", Safe, Safetensors("""{"__metadata__": {"format": 1}}""", 0), ["__metadata__", "`1`", "a string"]),
        ("Git LFS pointer", Safe, "version https://git-lfs.github.com/spec/v1\noid sha256:00\n"u8.ToArray(), ["Git LFS pointer", "git lfs pull"]),
        ("web page", Safe, "<!DOCTYPE html><html></html>"u8.ToArray(), ["a web page", "Download the file itself"]),
        ("GGUF", Safe, "GGUF\u0003\0\0\0"u8.ToArray(), ["a GGUF file"]),
        ("PyTorch zip", Bin, "PK\u0003\u0004...................................."u8.ToArray(), ["PyTorch (zip)", "safetensors"]),
        ("llama2.c of version 1", Bin, "24ka\u0001\0\0\0................................"u8.ToArray(), ["version 1 or later", "legacy"]),
        (".bin of ten bytes", Bin, new byte[10], ["10 bytes", "at least 28", "truncated"]),
        (".bin with no width", Bin, Llama2C([0, 12, 2, 2, 1, 10, 4]), ["header", "0 for width", "positive"]),
        (".bin with negative layers", Bin, Llama2C([8, 12, -2, 2, 1, 10, 4]), ["-2 for layers"]),
        (".bin with heads that do not divide", Bin, Llama2C([8, 12, 2, 3, 1, 10, 4]), ["width of 8 for 3 heads"]),
        (".bin with key/value heads that do not divide", Bin, Llama2C([8, 12, 2, 4, 3, 10, 4]), ["3 key/value heads for 4 heads"]),
        (".bin of another size", Bin, Llama2C([8, 12, 3, 2, 1, 10, 4]), ["bytes; expected", "3 layers", "truncated"]),
        (".bin of 2^31 everywhere", Bin, Llama2C([2147483646, 2147483647, 2147483647, 1, 1, 2147483647, 2147483647]), ["truncated"]),
        (".bin with more after its end", Bin, Llama2C(extraFloats: 1), ["bytes; expected", "after its end"]),
        (".bin with no separate unembedding where it says so", Bin, Llama2C([8, 12, 2, 2, 1, -10, 4]), ["separate unembedding", "truncated"]),
        ("index without a map", Index, "{}"u8.ToArray(), ["no `weight_map`"]),
        ("index that is not JSON", Index, "weights"u8.ToArray(), ["not JSON"]),
        ("empty index", Index, [], ["not JSON"]),
        ("index that names a number", Index, """{"weight_map": {"w": 3}}"""u8.ToArray(), ["w: ", "the file `3`"]),
        ("index that leaves its folder", Index, """{"weight_map": {"w": "../m.safetensors"}}"""u8.ToArray(), ["w: ", "../m.safetensors", "beside the index"]),
        ("index with a missing file", Index, """{"weight_map": {"w": "gone.safetensors"}}"""u8.ToArray(), ["gone.safetensors", "no such file", "every file that the index names"]),
        ("kind of file that nobody reads", "m.onnx", [1], ["`.onnx`", ".safetensors"]),
    ];

    public static TheoryData<string> Names() => [.. Rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void BrokenFileIsRefusedWithItsReason(string name)
    {
        var row = Rows.Single(row => row.Name == name);
        using var folder = new TemporaryFolder();
        string path = folder.Write(row.File, row.Content);
        var error = Assert.Throws<InvalidInputException>(() => Checkpoint.Open(path));
        Assert.Equal(path, error.InputSource);
        Assert.All(row.Says, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void SoundNeighboursOfTheBrokenFilesAreAccepted()
    {
        using var folder = new TemporaryFolder();
        using var safetensors = Checkpoint.Open(folder.Write(Safe, Safetensors("{" + Good + ", \"__metadata__\": {\"format\": \"pt\"}}   ", 24)));
        Assert.Equal([2L, 3L], safetensors.Tensors["w"].Shape);
        Assert.Equal("pt", ((SafetensorsFile)safetensors).Metadata["format"]);
        using var padded = Checkpoint.Open(folder.Write("padded.safetensors", Safetensors("{" + Good + "," + Entry("v", "I64", "[1, 0]", "[64, 64]") + "}", 128)));
        Assert.Equal(0, padded.Tensors["v"].Count);
        using var llama = Checkpoint.Open(folder.Write(Bin, Llama2C()));
        Assert.Equal(2 * 9 + 2, llama.Tensors.Count);
        Assert.False(llama.Tensors.ContainsKey("lm_head.weight"));
        // 10 × 8 more floats are the separate unembedding of a negative vocabulary.
        using var separate = Checkpoint.Open(folder.Write("separate.bin", Llama2C([8, 12, 2, 2, 1, -10, 4], 80)));
        Assert.Equal([10L, 8L], separate.Tensors["lm_head.weight"].Shape);
    }

    [Fact]
    public void FolderMustNotBeAmbiguous()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no weights", Refused(), StringComparison.Ordinal);
        folder.Write("a.safetensors", []);
        folder.Write("b.safetensors", []);
        string message = Refused();
        Assert.Contains("2 files that could be meant (a.safetensors, b.safetensors)", message, StringComparison.Ordinal);
        folder.Write("model.safetensors", Safetensors("{" + Good + "}", 24));
        Checkpoint.Open(folder.Path).Dispose();

        string Refused() => Assert.Throws<InvalidInputException>(() => Checkpoint.Open(folder.Path)).Message;
    }

    [Theory]
    [InlineData("gone.safetensors")]
    [InlineData("gone.bin")]
    [InlineData("gone.json")]
    [InlineData("gone/gone.safetensors")]
    [InlineData("gone")]
    [InlineData("a\0b.safetensors")]
    public void MissingFileIsSaidToBeMissing(string name)
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<InvalidInputException>(() => Checkpoint.Open(folder.File(name)));
        Assert.Contains(name.Contains('\0') ? "cannot be read" : "no such file", error.Message, StringComparison.Ordinal);
    }

    private static byte[] One(string type, string shape, string offsets) => Safetensors("{" + Entry("w", type, shape, offsets) + "}", 24);
}
