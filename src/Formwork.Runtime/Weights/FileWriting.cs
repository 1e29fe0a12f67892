namespace Formwork.Runtime.Weights;

/// <summary>What goes wrong when files are written.</summary>
internal static class FileWriting
{
    /// <summary>
    /// Does what writes a file. A file that outgrows its file system, or what the process may write (EFBIG), .NET tells as an argument that is out of
    /// range; here it is an <see cref="IOException"/>, as a full disk is.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Do(Action write)
    {
        try
        {
            write();
        }
        catch (ArgumentOutOfRangeException error) when (error.ParamName == "value")
        {
            throw new IOException("The file would be larger than its file system or a limit of the process allows.", error);
        }
    }
}
