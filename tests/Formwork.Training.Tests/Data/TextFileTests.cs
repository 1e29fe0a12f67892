using System.IO.Compression;
using System.Text;
using CsCheck;
using Formwork.Runtime;
using Formwork.TestSupport;
using Formwork.Training.Data;
using Xunit;

namespace Formwork.Training.Tests.Data;

public class TextFileTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\r\n\nb\rc\n\n", new[] { "a", "", "b\rc", "" })]
    [InlineData("\uFEFFa\n\uFEFFb", new[] { "a", "\uFEFFb" })]
    [InlineData("\u0085a\u2028b\nc", new[] { "\u0085a\u2028b", "c" })]
    public void LinesEndAtLineFeedsOnly(string text, string[] lines)
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(lines, TextFile.Lines(folder.Write("t.txt", Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void PackedFilesAreUnpacked()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(["ä", "b"], TextFile.Lines(folder.Write("t.txt.gz", Packed("ä\nb\n"))));
    }

    [Fact]
    public void ALineLongerThanTheBufferIsWhole()
    {
        using var folder = new TemporaryFolder();
        string line = new('ß', 300_000);

        Assert.Equal(["a", line, "b"], TextFile.Lines(folder.Write("t.txt", Encoding.UTF8.GetBytes($"a\n{line}\nb"))));
    }

    [Fact]
    public void BytesThatAreNoUtf8AreToldWithTheirLine()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("t.txt", [(byte)'a', (byte)'\n', 0xC3, (byte)'(', (byte)'\n']);

        var error = Assert.Throws<InvalidInputException>(() => TextFile.Lines(path).Count());

        Assert.Equal((path, "line 2", "bytes that are no UTF-8"), (error.InputSource, error.Place, error.Found));
    }

    [Fact]
    public void PackedFilesOneAfterTheOtherAreOneText()
    {
        using var folder = new TemporaryFolder();
        string[] lines = [.. Enumerable.Range(0, 30_000).Select(line => $"{line * 7919}")];
        byte[] packed = [.. Packed(string.Join('\n', lines[..9000]) + "\n"), .. Packed(string.Join('\n', lines[9000..]))];

        Assert.Equal(lines, TextFile.Lines(folder.Write("t.gz", packed)));
        Assert.Empty(TextFile.Lines(folder.Write("e.gz", Packed(""))));
    }

    [Fact]
    public void APackedFileCutAnywhereIsTold()
    {
        using var folder = new TemporaryFolder();
        byte[] packed = Packed(string.Concat(Enumerable.Range(0, 400).Select(line => $"{line * 7919}\n")));

        for (int length = 1; length < packed.Length; length += length < 30 || length > packed.Length - 30 ? 1 : 41)
        {
            string path = folder.Write("t.gz", packed.AsSpan(0, length));
            var error = Assert.Throws<InvalidInputException>(() => TextFile.Lines(path).Count());
            Assert.Equal(path, error.InputSource);
            Assert.Contains("cannot be read", error.Found);
        }
    }

    [Fact]
    public void APlainFileWithAPackedFilesNameIsTold()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("t.gz", "plain text\n"u8);

        Assert.Contains("cannot be read", Assert.Throws<InvalidInputException>(() => TextFile.Lines(path).Count()).Found);
    }

    [Fact]
    public void AMissingFileAndAFolderAreTold()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal("no such file", Assert.Throws<InvalidInputException>(() => TextFile.Lines(folder.File("none.txt")).Count()).Found);
        Assert.Contains("cannot be read", Assert.Throws<InvalidInputException>(() => TextFile.Lines(folder.Path).Count()).Found);
    }

    [Fact]
    public void ChunksAreTheWholeTextAndEachKnowsItsLine() => Gen.OneOf("a", "\n", " ", "ü", "bc\n", "\n\n", "d e").Array[0, 60].Sample(parts =>
    {
        using var folder = new TemporaryFolder();
        string text = string.Concat(parts);
        var chunks = TextFile.Chunks(folder.Write("t.txt", Encoding.UTF8.GetBytes(text)), characters: 4).ToArray();

        Assert.Equal(text, string.Concat(chunks.Select(chunk => chunk.Text)));
        int at = 0;
        foreach (var (chunk, line) in chunks)
        {
            Assert.Equal(1 + text[..at].Count(letter => letter == '\n'), line);
            at += chunk.Length;
        }
    }, iter: 200);

    [Fact]
    public void ChunksAreCutBetweenLinesThatAreNotEmpty()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("t.txt", "abcd\n\nef\n gh\nij\n"u8);

        Assert.Equal(["abcd\n\nef\n gh\n", "ij\n"], TextFile.Chunks(path, characters: 5).Select(chunk => chunk.Text));
    }

    [Fact]
    public void TextWithoutLineEndsIsCutBetweenCharacters()
    {
        using var folder = new TemporaryFolder();
        string text = "a" + string.Concat(Enumerable.Repeat("é€🙂", 300_000));
        var chunks = TextFile.Chunks(folder.Write("t.txt", Encoding.UTF8.GetBytes(text)), characters: 1000).Select(chunk => chunk.Text).ToArray();

        Assert.True(chunks.Length > 1);
        Assert.Equal(text, string.Concat(chunks));
    }

    private static byte[] Packed(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }
}
