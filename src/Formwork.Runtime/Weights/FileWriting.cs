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
        catch (ArgumentOutOfRangeException error) when (IsTooLarge(error))
        {
            throw TooLarge(error);
        }
    }

    /// <summary>As <see cref="Do"/>, for some bytes.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(Stream stream, ReadOnlySpan<byte> bytes)
    {
        try
        {
            stream.Write(bytes);
        }
        catch (ArgumentOutOfRangeException error) when (IsTooLarge(error))
        {
            throw TooLarge(error);
        }
    }

    private static bool IsTooLarge(ArgumentOutOfRangeException error) => error.ParamName == "value";

    private static IOException TooLarge(Exception error) => new("The file would be larger than its file system or a limit of the process allows.", error);
}
