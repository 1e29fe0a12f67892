using System.Security.Cryptography;

namespace Formwork.Cli.Compilation;

/// <summary>
/// Compiled models, kept between runs by content. A file is an assembly followed by the SHA-256 of it, which a loader of assemblies does not
/// look at. Whatever is wrong with the cache, the worst that follows is compiling again.
/// </summary>
/// <param name="folder">Where the files are; null for no cache.</param>
internal sealed class CompilationCache(string? folder)
{
    private const int KeptFiles = 100;

    /// <summary>The user's cache: <c>$XDG_CACHE_HOME/formwork</c>, or the system's usual place.</summary>
    public static CompilationCache OfUser() => new(UserFolder());

    /// <summary>No cache at all.</summary>
    public static CompilationCache None { get; } = new(folder: null);

    /// <summary>The file of a key; null without a cache.</summary>
    public string? PathOf(string key) => folder is null ? null : Path.Combine(folder, key + ".dll");

    /// <summary>The assembly stored under <paramref name="key"/>; null when there is none, or none that is whole.</summary>
    public byte[]? Read(string key)
    {
        if (PathOf(key) is not { } path)
            return null;
        try
        {
            byte[] file = File.ReadAllBytes(path);
            int length = file.Length - SHA256.HashSizeInBytes;
            if (length <= 0 || !SHA256.HashData(file.AsSpan(0, length)).AsSpan().SequenceEqual(file.AsSpan(length)))
                return null;
            // The time of last use, by which old files go.
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return file[..length];
        }
        catch (Exception exception) when (IsFileTrouble(exception))
        {
            return null;
        }
    }

    /// <summary>Stores an assembly, whole or not at all, since another process may be reading. Says whether it could.</summary>
    public bool Write(string key, byte[] assembly)
    {
        if (PathOf(key) is not { } path)
            return false;
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            CreateFolder();
            File.WriteAllBytes(temporary, [.. assembly, .. SHA256.HashData(assembly)]);
            File.Move(temporary, path, overwrite: true);
            RemoveOldest();
            return true;
        }
        catch (Exception exception) when (IsFileTrouble(exception))
        {
            TryDelete(temporary);
            return false;
        }
    }

    // It holds code that will run: nobody else may write there.
    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder!);
        else
            Directory.CreateDirectory(folder!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void RemoveOldest()
    {
        foreach (FileInfo file in new DirectoryInfo(folder!).GetFiles("*.dll").OrderByDescending(file => file.LastWriteTimeUtc).Skip(KeptFiles))
            TryDelete(file.FullName);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (IsFileTrouble(exception))
        {
        }
    }

    private static bool IsFileTrouble(Exception exception) => exception is IOException or UnauthorizedAccessException or NotSupportedException;

    private static string? UserFolder()
    {
        // The XDG specification: relative paths are to be ignored.
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named && Path.IsPathRooted(named))
            return Path.Combine(named, "formwork");
        if (OperatingSystem.IsWindows())
            return Below(Environment.SpecialFolder.LocalApplicationData, "formwork");
        return Below(Environment.SpecialFolder.UserProfile, OperatingSystem.IsMacOS() ? "Library/Caches/formwork" : ".cache/formwork");
    }

    private static string? Below(Environment.SpecialFolder special, string path) =>
        Environment.GetFolderPath(special) is { Length: > 0 } parent ? Path.Combine(parent, path) : null;
}
