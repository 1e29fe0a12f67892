using System.Text;
using Formwork.Testing.Snapshots;

namespace Formwork.Generators.Tests.Testing;

public sealed class SnapshotFilesTests
{
    private static readonly byte[] s_mark = [0xEF, 0xBB, 0xBF];

    [Fact]
    public async Task EqualTextPassesAndWritesNothing()
    {
        using var folder = new SnapshotFolder();
        folder.Write($"{folder.Prefix}.verified.txt", "a\nb");
        await folder.Compare(new SnapshotTarget(null, "txt", "a\r\nb"));
        Assert.Equal([$"{folder.Prefix}.verified.txt"], folder.Files);
    }

    [Fact]
    public async Task VerifiedFileNeedsNoByteOrderMark()
    {
        using var folder = new SnapshotFolder();
        folder.Write($"{folder.Prefix}.verified.txt", "a", mark: false);
        await folder.Compare(new SnapshotTarget(null, "txt", "a"));
    }

    [Fact]
    public async Task NewTextFailsAndIsReceivedWithMarkAndWithoutAddedNewline()
    {
        using var folder = new SnapshotFolder();
        string message = await folder.Failure(new SnapshotTarget("A.g", "cs", "one\r\ntwo"));
        Assert.Equal([$"{folder.Prefix}#A.g.received.cs"], folder.Files);
        Assert.Equal([.. s_mark, .. Encoding.UTF8.GetBytes("one\ntwo")], folder.Bytes($"{folder.Prefix}#A.g.received.cs"));
        Assert.Equal(
            $"""
            Directory: {folder.Path}
            New:
              - Received: {folder.Prefix}#A.g.received.cs
                Verified: {folder.Prefix}#A.g.verified.cs

            FileContent:

            New:

            Received: {folder.Prefix}#A.g.received.cs
            one
            two

            """,
            message);
    }

    [Fact]
    public async Task DifferentTextFailsShowsBothAndNamesTheEqualOne()
    {
        using var folder = new SnapshotFolder();
        folder.Write($"{folder.Prefix}#A.verified.cs", "old");
        folder.Write($"{folder.Prefix}#B.verified.cs", "same");
        string message = await folder.Failure(new SnapshotTarget("A", "cs", "new"), new SnapshotTarget("B", "cs", "same"));
        Assert.Equal([$"{folder.Prefix}#A.received.cs", $"{folder.Prefix}#A.verified.cs", $"{folder.Prefix}#B.verified.cs"], folder.Files);
        Assert.Equal(
            $"""
            Directory: {folder.Path}
            NotEqual:
              - Received: {folder.Prefix}#A.received.cs
                Verified: {folder.Prefix}#A.verified.cs
            Equal:
              - Received: {folder.Prefix}#B.received.cs
                Verified: {folder.Prefix}#B.verified.cs

            FileContent:

            NotEqual:

            Received: {folder.Prefix}#A.received.cs
            new
            Verified: {folder.Prefix}#A.verified.cs
            old

            """,
            message);
    }

    [Fact]
    public async Task TrailingNewlineCounts()
    {
        using var folder = new SnapshotFolder();
        folder.Write($"{folder.Prefix}.verified.txt", "a");
        Assert.Contains("NotEqual:", await folder.Failure(new SnapshotTarget(null, "txt", "a\n")));
    }

    [Fact]
    public async Task SurplusVerifiedFileFailsAndStays()
    {
        using var folder = new SnapshotFolder();
        folder.Write($"{folder.Prefix}#A.verified.cs", "a");
        folder.Write($"{folder.Prefix}#Gone.verified.cs", "gone");
        folder.Write($"{folder.Prefix}.verified.txt", "gone too");
        folder.Write($"{folder.Prefix}Two.verified.txt", "another test's");
        string message = await folder.Failure(new SnapshotTarget("A", "cs", "a"));
        Assert.Equal(
            $"""
            Directory: {folder.Path}
            Delete:
              - {folder.Prefix}#Gone.verified.cs
              - {folder.Prefix}.verified.txt
            Equal:
              - Received: {folder.Prefix}#A.received.cs
                Verified: {folder.Prefix}#A.verified.cs

            """,
            message);
        Assert.Equal(4, folder.Files.Length);
    }

    [Fact]
    public async Task EmptyVerifiedFileIsDeletedAndTheTextIsNew()
    {
        using var folder = new SnapshotFolder();
        folder.Write($"{folder.Prefix}.verified.txt", "");
        Assert.Contains("\nNew:", await folder.Failure(new SnapshotTarget(null, "txt", "a")));
        Assert.Equal([$"{folder.Prefix}.received.txt"], folder.Files);
    }

    [Fact]
    public async Task CarriageReturnInVerifiedFileFails()
    {
        using var folder = new SnapshotFolder();
        folder.Write($"{folder.Prefix}.verified.txt", "a\r\nb");
        Assert.Contains("carriage return", await folder.Failure(new SnapshotTarget(null, "txt", "a\nb")));
    }

    [Fact]
    public async Task StaleReceivedFilesAreDeletedAndOthersLeft()
    {
        using var folder = new SnapshotFolder();
        folder.Write($"{folder.Prefix}.verified.txt", "a");
        folder.Write($"{folder.Prefix}.received.txt", "old");
        folder.Write($"{folder.Prefix}#A.received.cs", "old");
        folder.Write($"{folder.Prefix}Two.received.txt", "another test's");
        await folder.Compare(new SnapshotTarget(null, "txt", "a"));
        Assert.Equal([$"{folder.Prefix}.verified.txt", $"{folder.Prefix}Two.received.txt"], folder.Files);
    }

    [Fact]
    public async Task SameNameAndExtensionGetIndexes()
    {
        using var folder = new SnapshotFolder();
        await folder.Failure(new SnapshotTarget("A", "cs", "1"), new SnapshotTarget("A", "cs", "2"), new SnapshotTarget("A", "txt", "3"));
        Assert.Equal(
            [$"{folder.Prefix}#A.00.received.cs", $"{folder.Prefix}#A.01.received.cs", $"{folder.Prefix}#A.received.txt"], folder.Files);
    }

    [Fact]
    public async Task SecondComparisonWithOnePrefixFails()
    {
        using var folder = new SnapshotFolder();
        folder.Write($"{folder.Prefix}.verified.txt", "a");
        await folder.Compare(new SnapshotTarget(null, "txt", "a"));
        Assert.Contains("already been used", await folder.Failure(new SnapshotTarget(null, "txt", "a")));
    }
}
