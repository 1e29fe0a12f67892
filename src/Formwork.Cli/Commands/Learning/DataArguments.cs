using System.CommandLine;
using Formwork.Compiler.Spec;
using Formwork.Runtime;
using Formwork.Runtime.Models;
using Formwork.Training.Data;

namespace Formwork.Cli.Commands.Learning;

/// <summary>The options that say which data, and how they are read.</summary>
internal sealed class DataArguments
{
    private const int StreamTokens = 1024, ExampleTokens = 4096;

    private readonly Option<string[]> _data = Files("--data", "-d",
        "Text files (UTF-8, plain or .gz): of a decoder-only model one long text each, of the others a text a line; JSON lines (.jsonl); or token "
        + "files (.tokens).");
    private readonly Option<string[]> _targets = Files("--targets", null, "Of parallel text, the targets' files: line i belongs to line i of --data.");
    private readonly Option<string?> _kind = new("--data-kind")
    {
        Description = "How the files hold texts, where extension and architecture would say otherwise.",
        HelpName = "stream|lines|parallel|jsonl",
    };

    private readonly Option<string?> _text = Field("--text-field", "The field of JSON lines that has the text; of pairs, the source. Usually text, or source.");
    private readonly Option<string?> _target = Field("--target-field", "The field that has the target; usually target.");
    private readonly Option<string?> _label = Field("--label-field", "The field that has the number of the class; usually label.");
    private readonly Option<int?> _context = Count("--context",
        "The most tokens of a text; of a long text, the tokens of a window. The model's context unless said.");
    private readonly Option<int?> _batchSize = Count("--batch-size", "Texts, or windows, of a batch.");
    private readonly Option<int?> _batchTokens = Count("--batch-tokens",
        $"The most tokens of a batch; of pairs, the target's. {StreamTokens} of a long text and {ExampleTokens} else, unless --batch-size is given.");

    private readonly Option<string?> _folder = new("--token-files")
    {
        Description = "Keep the texts' ids in token files of this folder instead of memory; they can be given to --data later.", HelpName = "folder",
    };

    /// <summary>The files.</summary>
    public Option<string[]> Data => _data;

    /// <summary>The options whose values are paths.</summary>
    public IReadOnlyList<Option> Paths => [_data, _targets, _folder];

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        _kind.AcceptOnlyFromAmong("stream", "lines", "parallel", "jsonl");
        foreach (Option option in new Option[] { _data, _targets, _kind, _text, _target, _label, _context, _batchSize, _batchTokens, _folder })
            command.Options.Add(option);
    }

    /// <summary>The files to learn from or to evaluate with; they are there.</summary>
    /// <exception cref="InvalidInputException">One is not.</exception>
    public DataFiles FilesOf(ParseResult parsed)
    {
        var files = new DataFiles(parsed.GetValue(_data) ?? [], parsed.GetValue(_targets) ?? []);
        Require(files);
        return files;
    }

    /// <summary>How the files hold texts: as the user says, or as their extensions and the model's architecture suggest.</summary>
    /// <exception cref="UsageException">The files are of several kinds, or targets are missing or without meaning.</exception>
    public DataKind KindOf(ParseResult parsed, Architecture architecture, params DataFiles?[] all)
    {
        DataKind kind = parsed.GetValue(_kind) switch
        {
            "stream" => DataKind.Stream,
            "lines" => DataKind.Lines,
            "parallel" => DataKind.Parallel,
            "jsonl" => DataKind.JsonLines,
            _ => Suggested([.. all.OfType<DataFiles>().SelectMany(files => files.Texts)], architecture),
        };
        foreach (DataFiles files in all.OfType<DataFiles>())
        {
            if (kind == DataKind.Parallel && files.Targets.Count != files.Texts.Count)
            {
                throw new UsageException(
                    $"parallel text needs as many files of targets (--targets, --validation-targets) as of sources, {files.Texts.Count}; there are {files.Targets.Count}");
            }
            if (kind != DataKind.Parallel && files.Targets.Count > 0)
                throw new UsageException("files of targets (--targets, --validation-targets) belong to parallel text, which encoder-decoder models read");
        }
        return kind;
    }

    /// <summary>What the model makes of the files.</summary>
    /// <exception cref="InvalidInputException">The model has no tokenizer.</exception>
    public DataOptions Read(ParseResult parsed, TransformerModel model, DataKind kind, DataFiles files)
    {
        ModelDescription description = model.Description;
        DataObjective objective = description.Architecture switch
        {
            ModelArchitecture.DecoderOnly => DataObjective.Causal,
            ModelArchitecture.EncoderDecoder => DataObjective.Translation,
            _ => model.Training!.ClassifiesSequences ? DataObjective.Labels : DataObjective.MaskedLanguage,
        };
        int size = parsed.GetValue(_batchSize) ?? 0;
        int usualTokens = size > 0 ? 0 : kind == DataKind.Stream ? StreamTokens : ExampleTokens;
        return new DataOptions(kind, objective, files, model.Tokenizer ?? throw new InvalidInputException(
            description.Name, "tokenizer", "none", "one, to make ids of texts", "Name it in the spec under tokenizer:."))
        {
            TargetTokenizer = (model as EncoderDecoderModel)?.TargetTokenizer,
            Fields = FieldsOf(parsed, objective),
            Context = parsed.GetValue(_context) ?? 0,
            BatchSize = size,
            Folder = parsed.GetValue(_folder),
            BatchTokens = parsed.GetValue(_batchTokens) ?? usualTokens,
        }.For(description);
    }

    /// <summary>What the fields of JSON lines are called.</summary>
    public JsonFields FieldsOf(ParseResult parsed, DataObjective objective)
    {
        JsonFields usual = objective switch
        {
            DataObjective.Translation => JsonFields.Pairs,
            DataObjective.Labels => JsonFields.Labelled,
            _ => new JsonFields(),
        };
        return new JsonFields(parsed.GetValue(_text) ?? usual.Text, parsed.GetValue(_target) ?? usual.Target, parsed.GetValue(_label) ?? usual.Label);
    }

    /// <exception cref="InvalidInputException">A file is not there.</exception>
    public static void Require(DataFiles files)
    {
        if (files.Texts.Concat(files.Targets).FirstOrDefault(path => !File.Exists(path)) is { } missing)
            throw new InvalidInputException(missing, null, "no such file", "a file of texts", "Check the path.");
    }

    /// <summary>An option that takes one file or more.</summary>
    public static Option<string[]> Files(string name, string? alias, string description) =>
        new(name, alias is null ? [] : [alias]) { Description = description, HelpName = "file…", AllowMultipleArgumentsPerToken = true };

    /// <summary>Whether a file has a JSON object a line.</summary>
    private static bool IsJsonLines(string path)
    {
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase);
    }

    private static DataKind Suggested(string[] files, Architecture architecture)
    {
        int jsonLines = files.Count(IsJsonLines);
        if (jsonLines > 0 && jsonLines < files.Length)
            throw new UsageException("the files are JSON lines in part; --data-kind says what they all are");
        return jsonLines > 0 ? DataKind.JsonLines : architecture switch
        {
            Architecture.DecoderOnly => DataKind.Stream,
            Architecture.EncoderDecoder => DataKind.Parallel,
            _ => DataKind.Lines,
        };
    }

    private static Option<string?> Field(string name, string description) => new(name) { Description = description, HelpName = "name" };

    private static Option<int?> Count(string name, string description) =>
        ModelArguments.Bounded(new Option<int?>(name) { Description = description, HelpName = "count" }, least: 1);
}
