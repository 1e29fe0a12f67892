using System.Buffers.Binary;
using CsCheck;
using Formwork.Runtime;
using Formwork.TestSupport;
using Formwork.Training.Data;
using Xunit;

namespace Formwork.Training.Tests.Data;

public class TokenFileTests
{
    private static readonly Gen<(int Vocabulary, int[][] Sequences)> Contents =
        from vocabulary in Gen.OneOf(Gen.Const(1), Gen.Const(65_536), Gen.Const(65_537), Gen.Int[2, 200_000])
        from sequences in Gen.Int[0, vocabulary - 1].Array[0, 9].Array[0, 7]
        select (vocabulary, sequences);

    [Fact]
    public void WhatIsWrittenIsRead() => Contents.Sample(content =>
    {
        using var folder = new TemporaryFolder();
        using TokenFile file = Written(folder, content.Vocabulary, content.Sequences);
        ITokenSequences sequences = file;

        Assert.Equal(content.Vocabulary, file.Vocabulary);
        Assert.Equal(content.Vocabulary > 65_536 ? 4 : 2, file.IdBytes);
        Assert.Equal(content.Sequences.Length, file.Count);
        Assert.Equal(content.Sequences, Enumerable.Range(0, file.Count).Select(sequences.Read));
    }, iter: 100);

    [Fact]
    public void AWindowIsReadAcrossTheBordersOfSequencesAndOfBlocks()
    {
        using var folder = new TemporaryFolder();
        int[] first = [.. Enumerable.Range(0, 70_000)], second = [.. Enumerable.Range(70_000, 70_000)];
        using TokenFile file = Written(folder, 140_000, first, second);
        var window = new int[139_000];

        file.Read(500, window);

        Assert.Equal(Enumerable.Range(500, 139_000), window);
        Assert.Equal(70_000, file.Start(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(1001, window));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Start(3));
    }

    [Fact]
    public void AFileAppearsOnlyWhenItIsWhole()
    {
        using var folder = new TemporaryFolder();
        Written(folder, 10, [1, 2]).Dispose();
        string path = folder.File("t.tokens");
        using (var abandoned = new TokenFileWriter(path, 10))
            abandoned.Add([3, 4, 5]);

        using TokenFile file = TokenFile.Open(path);

        Assert.Equal([1, 2], ((ITokenSequences)file).Read(0));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    public void AnIdOutsideTheVocabularyIsNotWritten(int id)
    {
        using var folder = new TemporaryFolder();
        using var writer = new TokenFileWriter(folder.File("t.tokens"), 10);
        writer.Add([1]);

        var error = Assert.Throws<InvalidInputException>(() => writer.Add([9, id]));

        Assert.Equal(("token 2", $"{id}", "an id from 0 to 9"), (error.Place, error.Found, error.Expected));
    }

    [Fact]
    public void AnIdOutsideTheVocabularyIsToldWhenItIsRead()
    {
        using var folder = new TemporaryFolder();
        Written(folder, 10, [1, 2, 3]).Dispose();
        byte[] bytes = File.ReadAllBytes(folder.File("t.tokens"));
        bytes[64 + 2 * 2] = 200;
        using TokenFile file = TokenFile.Open(folder.Write("broken.tokens", bytes));

        var error = Assert.Throws<InvalidInputException>(() => file.Read(1, new int[2]));

        Assert.Equal((file.Path, "token 2", "200"), (error.InputSource, error.Place, error.Found));
    }

    public static TheoryData<string, string?, string, string> BrokenFiles => new()
    {
        { "empty", "byte 0", "an empty file", "\"FWTOKENS\", the beginning of a token file" },
        { "text", "byte 0", "\"Once upo\"", "\"FWTOKENS\", the beginning of a token file" },
        { "header cut", null, "63 bytes", "a header of 64 bytes" },
        { "version", "byte 8", "version 2", "version 1" },
        { "width", "byte 12", "3 bytes an id", "2 or 4" },
        { "vocabulary", "byte 16", "65537", "a vocabulary whose ids have that many bytes" },
        { "sequences", "byte 24", "-1", "a number of sequences that the file can hold" },
        { "tokens", "byte 32", "9223372036854775807", "a number of ids that the file can hold" },
        { "cut", null, "103 bytes", "104, for 3 sequences of 4 ids in all; the file is cut off" },
        { "longer", null, "105 bytes", "104, for 3 sequences of 4 ids in all; the file goes on after its end" },
        { "first start", "the start of sequence 0", "1", "0" },
        { "order", "the start of sequence 2", "1", "a number from 2 to 4" },
        { "beyond", "the start of sequence 1", "5", "a number from 0 to 4" },
        { "last end", "the end of the last sequence", "3", "4, the number of ids" },
    };

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void ABrokenFileIsTold(string name, string? place, string found, string expected)
    {
        using var folder = new TemporaryFolder();
        // Three sequences of 2, 1 and 1 ids: the starts 0, 2, 3, 4 stand at bytes 72, 80, 88, 96.
        Written(folder, 10, [1, 2], [3], [4]).Dispose();
        byte[] bytes = Broken(name, File.ReadAllBytes(folder.File("t.tokens")));
        string path = folder.Write("broken.tokens", bytes);

        var error = Assert.Throws<InvalidInputException>(() => TokenFile.Open(path));

        Assert.Equal((path, place, found, expected), (error.InputSource, error.Place, error.Found, error.Expected));
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public void AMissingFileIsTold() => Assert.Contains("no such file", Assert.Throws<InvalidInputException>(() => TokenFile.Open("nowhere.tokens")).Message);

    [Fact]
    public void AFileCutAnywhereIsTold()
    {
        using var folder = new TemporaryFolder();
        Written(folder, 10, [1, 2], [3], [4]).Dispose();
        byte[] bytes = File.ReadAllBytes(folder.File("t.tokens"));

        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidInputException>(() => TokenFile.Open(folder.Write("cut.tokens", bytes.AsSpan(0, length))));
    }

    [Fact]
    public void ChangedBytesNeverDoWorseThanAMessage()
    {
        using var folder = new TemporaryFolder();
        Written(folder, 10, [1, 2], [3], [4]).Dispose();
        byte[] sound = File.ReadAllBytes(folder.File("t.tokens"));
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.OneOf(Gen.Byte, Gen.Const((byte)0), Gen.Const((byte)255), Gen.Const((byte)1))).Array[1, 4].Sample(changes =>
        {
            var bytes = (byte[])sound.Clone();
            foreach (var (at, value) in changes)
                bytes[at] = value;
            try
            {
                using TokenFile file = TokenFile.Open(folder.Write("changed.tokens", bytes));
                for (int sequence = 0; sequence < file.Count; sequence++)
                    Assert.All(((ITokenSequences)file).Read(sequence), id => Assert.InRange(id, 0, file.Vocabulary - 1));
            }
            catch (InvalidInputException)
            {
            }
        }, iter: 500, threads: 1);
    }

    private static byte[] Broken(string name, byte[] sound)
    {
        switch (name)
        {
            case "empty": return [];
            case "text": return "Once upon a time"u8.ToArray();
            case "header cut": return sound[..63];
            case "cut": return sound[..^1];
            case "longer": return [.. sound, 0];
            case "version": sound[8] = 2; break;
            case "width": sound[12] = 3; break;
            case "vocabulary": Set(16, 65_537); break;
            case "sequences": Set(24, -1); break;
            case "tokens": Set(32, long.MaxValue); break;
            case "first start": Set(72, 1); break;
            case "order": Set(88, 1); break;
            case "beyond": Set(80, 5); break;
            case "last end": Set(96, 3); break;
        }
        return sound;

        void Set(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(sound.AsSpan(at), value);
    }

    private static TokenFile Written(TemporaryFolder folder, int vocabulary, params int[][] sequences)
    {
        string path = folder.File("t.tokens");
        using (var writer = new TokenFileWriter(path, vocabulary))
        {
            foreach (int[] sequence in sequences)
            {
                writer.Add(sequence);
                writer.EndSequence();
            }
            writer.Complete();
        }
        return TokenFile.Open(path);
    }
}
