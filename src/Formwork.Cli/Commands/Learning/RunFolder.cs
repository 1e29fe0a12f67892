using Formwork.Cli.Compilation;
using Formwork.Compiler.Spec;
using Formwork.Runtime;

namespace Formwork.Cli.Commands.Learning;

/// <summary>A run's folder, which is a model's folder too: spec, tokenizer and, in the end, weights.</summary>
internal static class RunFolder
{
    // What tokenizers of every kind are read from, and what says more about them.
    private static readonly string[] TokenizerFiles =
    [
        "vocab.json", "encoder.json", "merges.txt", "vocab.bpe", "tokenizer.bin", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model",
        "vocab.txt", "tokenizer.json", "token_mappings.json", "characters.json", "source.spm", "target.spm",
        "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "config.json", "chat_template.json", "chat_template.jinja",
    ];

    /// <summary>Whether a folder has the file that a tokenizer of this kind is read from. Kinds that are never made are not looked for.</summary>
    public static bool HasTokenizer(string folder, TokenizerSpec tokenizer)
    {
        string[] names = tokenizer switch
        {
            { File: { } file } => [file],
            { Kind: TokenizerKind.TokenizerJson } => ["tokenizer.json"],
            { Kind: TokenizerKind.ByteBpe } => ["vocab.json", "encoder.json"],
            { Kind: TokenizerKind.Characters } => ["characters.json", "vocab.json"],
            _ => TokenizerFiles,
        };
        return names.Any(name => File.Exists(Path.Combine(folder, name)));
    }

    /// <summary>Refuses a folder that another run has been in.</summary>
    /// <exception cref="InvalidInputException">It has checkpoints.</exception>
    public static void RequireNew(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateDirectories(folder, "step-*").Any())
        {
            throw new InvalidInputException(folder, null, "checkpoints of an earlier run", "a folder without",
                $"Go on with that run: 'formwork train --resume {folder}', or give another folder: --output.");
        }
    }

    /// <summary>Makes a run's folder.</summary>
    /// <exception cref="InvalidInputException">It cannot be made.</exception>
    public static void Create(string folder) => Guarded(folder, () => Directory.CreateDirectory(folder));

    /// <summary>Puts a copy of the spec there.</summary>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public static void AddSpec(string folder, SpecFile file)
    {
        string copy = Path.Combine(folder, Path.GetFileName(file.Text.Path));
        if (!IsSame(copy, file.Text.Path))
            Guarded(copy, () => File.WriteAllText(copy, file.Text.Text));
    }

    /// <summary>Puts copies of a tokenizer's files there.</summary>
    /// <exception cref="InvalidInputException">They cannot be written.</exception>
    public static void AddTokenizer(string folder, string from, TokenizerSpec tokenizer)
    {
        if (IsSame(folder, from))
            return;
        foreach (string name in TokenizerFiles.Union(new[] { tokenizer.File, tokenizer.MergesFile }.OfType<string>()))
        {
            string path = Path.Combine(from, name);
            if (File.Exists(path))
                Guarded(folder, () => File.Copy(path, Path.Combine(folder, name), overwrite: true));
        }
    }

    private static bool IsSame(string one, string other) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(one)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(other));

    private static void Guarded(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                path, null, $"a place that cannot be written ({error.Message})", "a folder for the run", "Give another folder: --output.", error);
        }
    }
}
