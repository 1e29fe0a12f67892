using System.Runtime.CompilerServices;
using System.Text;
using Formwork.Testing;
using Formwork.Testing.Snapshots;

namespace Formwork.Generators.Tests.Testing;

/// <summary>A folder of snapshots for one test of the snapshot engine, gone with it.</summary>
internal sealed class SnapshotFolder([CallerMemberName] string method = "") : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("formwork-snapshots-");

    public string Prefix => $"Tests.{method}";

    public string Path => _folder.FullName;

    public string[] Files => [.. _folder.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];

    public void Write(string file, string text, bool mark = true) =>
        File.WriteAllText(System.IO.Path.Combine(Path, file), text, new UTF8Encoding(mark));

    public byte[] Bytes(string file) => File.ReadAllBytes(System.IO.Path.Combine(Path, file));

    public string Text(string file) => File.ReadAllText(System.IO.Path.Combine(Path, file));

    /// <summary>Compares as a test with this folder's prefix would.</summary>
    public Task Compare(params SnapshotTarget[] targets) => new SnapshotFiles(Path, Prefix).Compare(targets);

    /// <summary>The message of a comparison that must fail.</summary>
    public async Task<string> Failure(params SnapshotTarget[] targets) =>
        (await Assert.ThrowsAsync<VerifyException>(() => Compare(targets))).Message;

    public void Dispose() => _folder.Delete(recursive: true);
}
