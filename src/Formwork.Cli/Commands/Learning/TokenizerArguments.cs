using System.CommandLine;
using Formwork.Cli.Compilation;
using Formwork.Compiler.Spec;
using Formwork.Runtime;

namespace Formwork.Cli.Commands.Learning;

/// <summary>The options that say where the tokenizer comes from.</summary>
internal sealed class TokenizerArguments
{
    private readonly Option<string?> _folder = new("--tokenizer")
    {
        Description = "A folder with the tokenizer's files; the spec's folder unless said.",
        HelpName = "folder",
    };

    private readonly Option<int?> _train = ModelArguments.Bounded(new Option<int?>("--train-tokenizer")
    {
        Description = "Make a byte-pair vocabulary of so many ids of the data, even where there is a tokenizer. "
            + "A run from scratch whose spec's folder has none makes one of the spec's size.",
        HelpName = "ids",
    }, least: 1);

    private readonly Option<bool> _lowercase = new("--lowercase") { Description = "Let the vocabulary that is made read all texts in lower case." };

    /// <summary>The options of which nothing is left to say once a run's folder has its tokenizer.</summary>
    public IReadOnlyList<Option> All => [_folder, _train, _lowercase];

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in All)
            command.Options.Add(option);
        ModelLoading.Exclude(command, _folder, _train);
        ModelLoading.Exclude(command, _folder, _lowercase);
    }

    /// <summary>The folder that has the tokenizer's files; null where one is made.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="file">The spec's file.</param>
    /// <param name="spec">The spec.</param>
    /// <param name="drawn">Whether the weights are drawn; weights that were trained belong to a tokenizer that cannot be made again.</param>
    /// <exception cref="UsageException">A vocabulary was asked for that cannot be made.</exception>
    /// <exception cref="InvalidInputException">The folder is none.</exception>
    public string? FolderOf(ParseResult parsed, SpecFile file, TokenizerSpec spec, bool drawn)
    {
        if (parsed.GetValue(_folder) is { } named)
        {
            return Directory.Exists(named) ? named : throw new InvalidInputException(
                named, null, File.Exists(named) ? "a file" : "no such folder", "a folder with the tokenizer's files", "Name the folder.");
        }
        bool asked = parsed.GetValue(_train) is not null || parsed.GetValue(_lowercase);
        bool canBeMade = spec.Kind is TokenizerKind.TokenizerJson or TokenizerKind.ByteBpe
            || (spec.Kind == TokenizerKind.Characters && parsed.GetValue(_train) is null);
        if (asked && !canBeMade)
            throw new UsageException("--train-tokenizer and --lowercase make byte pairs; the spec must say so: `tokenizer: {kind: tokenizer_json}`");
        if (asked && !drawn)
            throw new UsageException("weights that were trained belong to the vocabulary they were trained with; --train-tokenizer goes with --from-scratch");
        return asked || (drawn && canBeMade && !RunFolder.HasTokenizer(file.Folder, spec)) ? null : file.Folder;
    }

    /// <summary>Number of ids to make.</summary>
    public int SizeOf(ParseResult parsed, ModelSpec spec) => parsed.GetValue(_train) ?? spec.Vocabulary;

    /// <summary>Whether texts are read in lower case.</summary>
    public bool Lowercase(ParseResult parsed) => parsed.GetValue(_lowercase);
}
