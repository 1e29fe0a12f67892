using System.Globalization;
using System.Security.Cryptography;
using Formwork.Runtime;
using Formwork.Runtime.Weights;

namespace Formwork.Training.Checkpoints;

/// <summary>
/// A run's checkpoints: folders <c>step-00000100</c>. Each is written under another name and then moved, so what has the name is whole; older
/// ones are deleted only when a newer one is in place. A file in the folder keeps a second run out.
/// </summary>
internal sealed class CheckpointStore : IDisposable
{
    /// <summary>What to do about a damaged checkpoint.</summary>
    public const string DamagedRemedy = "Delete that checkpoint's folder to resume from the one before it.";

    private const string Prefix = "step-", StateName = "state.json", Temporary = ".tmp", LockName = ".lock";

    private readonly FileStream _lock;

    /// <summary>Opens a run's folder, makes it if there is none, and deletes what an interrupted run left half written.</summary>
    /// <exception cref="InvalidInputException">The folder cannot be used, or another run uses it.</exception>
    public CheckpointStore(string folder)
    {
        Folder = folder;
        try
        {
            Directory.CreateDirectory(folder);
            _lock = new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            foreach (string rest in Directory.GetDirectories(folder, $"{Prefix}*{Temporary}"))
                Directory.Delete(rest, recursive: true);
            foreach (string rest in Directory.GetFiles(folder, $"*{Temporary}", SearchOption.AllDirectories))
                File.Delete(rest);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _lock?.Dispose();
            throw new InvalidInputException(folder, null, $"a folder that cannot be used ({error.Message})", "a folder of its own for this run",
                "Give another folder, or end the run that uses it.", error);
        }
    }

    /// <summary>The run's folder.</summary>
    public string Folder { get; }

    /// <summary>The checkpoints, oldest first.</summary>
    public IReadOnlyList<(long Step, string Folder)> All()
    {
        if (!Directory.Exists(Folder))
            return [];
        return [.. Directory.GetDirectories(Folder, $"{Prefix}*").Select(folder => (Step: StepOf(folder), Folder: folder)).Where(entry => entry.Step >= 0).OrderBy(entry => entry.Step)];
    }

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="state">The state; its files are filled in.</param>
    /// <param name="write">Writes the other files into a folder.</param>
    /// <param name="kept">How many checkpoints stay.</param>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="InvalidInputException">It cannot be written; all earlier ones are as they were.</exception>
    public string Write(CheckpointState state, Action<string> write, int kept)
    {
        string folder = Path.Combine(Folder, Prefix + state.Step.ToString("D8", CultureInfo.InvariantCulture)), temporary = folder + Temporary;
        try
        {
            DeleteIfThere(temporary);
            Directory.CreateDirectory(temporary);
            write(temporary);
            CheckpointFile[] files = [.. Directory.GetFiles(temporary).Order(StringComparer.Ordinal).Select(Describe)];
            WriteFlushed(Path.Combine(temporary, StateName), (state with { Files = files }).ToJson());
            Directory.Move(temporary, folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
            throw new InvalidInputException(folder, null, $"a place that cannot be written ({error.Message})", "room for a checkpoint",
                All() is [.., var last] ? $"Free space; {last.Folder} is the last good checkpoint." : "Free space, or give another folder.", error);
        }
        Prune(kept);
        return folder;
    }

    /// <summary>Reads a checkpoint's state and checks that all its files are what was written.</summary>
    /// <exception cref="InvalidInputException">A file is missing, truncated or changed.</exception>
    public static CheckpointState Read(string folder)
    {
        CheckpointState state = CheckpointState.Read(Path.Combine(folder, StateName));
        foreach (CheckpointFile expected in state.Files)
        {
            string path = Path.Combine(folder, expected.Name);
            CheckpointFile found;
            try
            {
                found = Describe(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new InvalidInputException(path, null, $"a file that cannot be read ({error.Message})", $"{expected.Bytes} bytes", DamagedRemedy, error);
            }
            if (found.Bytes != expected.Bytes)
                throw new InvalidInputException(path, null, $"{found.Bytes} bytes", $"the {expected.Bytes} that were written", DamagedRemedy);
            if (found.Sha256 != expected.Sha256)
                throw new InvalidInputException(path, null, "other content than was written", $"SHA-256 {expected.Sha256}", DamagedRemedy);
        }
        return state;
    }

    /// <summary>Lets another run use the folder.</summary>
    public void Dispose() => _lock.Dispose();

    private void Prune(int kept)
    {
        try
        {
            foreach ((_, string folder) in All().SkipLast(kept))
            {
                // Moved first, so that a checkpoint that is half deleted is none.
                DeleteIfThere(folder + Temporary);
                Directory.Move(folder, folder + Temporary);
                Directory.Delete(folder + Temporary, recursive: true);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // One too many is no harm; the next checkpoint tries again.
        }
    }

    private static CheckpointFile Describe(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return new CheckpointFile(Path.GetFileName(path), stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    private static void WriteFlushed(string path, byte[] content) => FileWriting.Do(() =>
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        file.Write(content);
        file.Flush(flushToDisk: true);
    });

    private static long StepOf(string folder) =>
        long.TryParse(Path.GetFileName(folder).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : -1;

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static void TryDelete(string folder)
    {
        try
        {
            DeleteIfThere(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next run deletes it.
        }
    }
}
