using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Formwork.Runtime.Tokenization;

/// <summary>Finds and reads tokenizer files; what the system refuses becomes a message about the file.</summary>
internal static class TokenizerFile
{
    private const long LongestFile = 1L << 30;

    /// <summary>The path of <paramref name="name"/> in the folder, or of the first usual name that is there when it is null.</summary>
    /// <exception cref="InvalidInputException">There is none; the message has the names that were looked for.</exception>
    public static string Find(string folder, string? name, params string[] usualNames)
    {
        string[] names = name is null ? usualNames : [name];
        foreach (string candidate in names)
        {
            string path = Path.Combine(folder, candidate);
            if (File.Exists(path))
                return path;
        }
        bool there = Directory.Exists(folder);
        throw new InvalidInputException(folder, null, there ? "no tokenizer file" : "no such folder", string.Join(" or ", names),
            name is null ? "Put the file there, or name it with tokenizer: {file: …} in the spec." : "Put the file there, or correct the name in the spec.");
    }

    /// <summary>All bytes of a file.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, is empty or is larger than 1 GiB.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            if (length is > 0 and <= LongestFile)
                return File.ReadAllBytes(path);
            throw new InvalidInputException(path, null, length == 0 ? "an empty file" : $"{length} bytes", "a tokenizer file of at most 1 GiB",
                "Fetch the file again.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(path, null, "a file that cannot be read", "a readable file", exception.Message, exception);
        }
    }

    /// <summary>Lines of a UTF-8 text file, without their ends; a byte-order mark is dropped, and so is an empty last line.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or a line is no UTF-8.</exception>
    public static string[] ReadLines(string path)
    {
        ReadOnlySpan<byte> rest = Read(path);
        if (rest.StartsWith("\uFEFF"u8))
            rest = rest[3..];
        var lines = new List<string>();
        while (!rest.IsEmpty || lines.Count == 0)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (!Utf8.IsValid(line))
                throw new InvalidInputException(path, Line(lines.Count), "bytes that are no UTF-8", "a UTF-8 text file", "Fetch the file again.");
            lines.Add(Encoding.UTF8.GetString(line.EndsWith("\r"u8) ? line[..^1] : line));
        }
        return [.. lines];
    }

    /// <summary>A line's place for messages, from its index.</summary>
    public static string Line(int index) => string.Create(CultureInfo.InvariantCulture, $"line {index + 1}");
}
