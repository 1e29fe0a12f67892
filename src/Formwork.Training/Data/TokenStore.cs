using Formwork.Runtime;
using Formwork.Runtime.Tokenization;

namespace Formwork.Training.Data;

/// <summary>Where the ids of texts are kept: in memory, in token files in a folder, or in token files that are there already.</summary>
internal sealed class TokenStore(string? folder) : IDisposable
{
    private readonly List<TokenFile> _files = [];

    /// <summary>Whether a file holds ids, not text.</summary>
    public static bool HoldsIds(string path) => path.EndsWith(".tokens", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens a token file.</summary>
    public TokenFile Open(string path)
    {
        var file = TokenFile.Open(path);
        _files.Add(file);
        return file;
    }

    /// <summary>The ids of files that are one text together.</summary>
    public ITokenSequences Stream(IReadOnlyList<string> paths, TextTokenizer tokenizer, string name)
    {
        if (paths is [string path] && HoldsIds(path))
            return Open(path);
        return Write([tokenizer], [name], sinks =>
        {
            foreach (string path in paths)
            {
                RequireText(path);
                TokenBuilder.Stream(path, new TextEncoder(tokenizer), sinks[0]);
            }
            sinks[0].EndSequence();
        })[0];
    }

    /// <summary>Sequences that an action writes, one sink a name.</summary>
    public ITokenSequences[] Write(IReadOnlyList<TextTokenizer> tokenizers, IReadOnlyList<string> names, Action<ITokenSink[]> write)
    {
        if (folder is null)
        {
            TokenList[] lists = [.. tokenizers.Select(tokenizer => new TokenList(tokenizer.VocabularySize))];
            write(lists);
            return lists;
        }
        string[] paths = [.. names.Select(name => Path.Combine(folder, name + ".tokens"))];
        var writers = new List<TokenFileWriter>();
        try
        {
            MakeFolder(folder);
            for (int index = 0; index < paths.Length; index++)
                writers.Add(new TokenFileWriter(paths[index], tokenizers[index].VocabularySize));
            write([.. writers]);
            writers.ForEach(writer => writer.Complete());
        }
        finally
        {
            writers.ForEach(writer => writer.Dispose());
        }
        return [.. paths.Select(Open)];
    }

    /// <exception cref="InvalidInputException">It is a token file among several files, or where texts are needed.</exception>
    public static void RequireText(string path)
    {
        if (HoldsIds(path))
            throw new InvalidInputException(path, null, "a token file", "a text file", "Token files stand alone: give one of them, or make one of all texts.");
    }

    /// <summary>Closes the token files.</summary>
    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new InvalidInputException(folder, null, $"a folder that cannot be made ({error.Message})", "a folder for token files", "Name another folder.", error);
        }
    }
}
