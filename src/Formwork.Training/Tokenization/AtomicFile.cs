using Formwork.Runtime;
using Formwork.Runtime.Weights;

namespace Formwork.Training.Tokenization;

/// <summary>Files that are whole or not there: written under another name, flushed to the disk, then moved into place.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file, or leaves what was there.</summary>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            FileWriting.Do(() =>
            {
                using FileStream stream = Create(temporary);
                write(stream);
                stream.Flush(flushToDisk: true);
            });
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (IsOfSystem(error))
        {
            Discard(temporary);
            throw CannotWrite(path, error);
        }
        catch
        {
            Discard(temporary);
            throw;
        }
    }

    /// <summary>Makes a new file, and the folder it lies in.</summary>
    private static FileStream Create(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        return new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
    }

    /// <summary>Deletes what was begun, if it can be.</summary>
    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (IsOfSystem(error))
        {
            // The folder is gone or the disk is broken: what stopped the writing is told, not this.
        }
    }

    /// <summary>Whether an exception tells what the system refused.</summary>
    private static bool IsOfSystem(Exception error) => error is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>The message for it.</summary>
    private static InvalidInputException CannotWrite(string path, Exception error) =>
        new(path, null, $"a file that cannot be written ({error.Message})", "a place to write to", "Check the folder, its rights and the room on the disk.", error);
}
