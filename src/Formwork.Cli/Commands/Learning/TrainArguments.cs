using System.CommandLine;
using Formwork.Cli.Compilation;

namespace Formwork.Cli.Commands.Learning;

/// <summary>All that <c>formwork train</c> can be told.</summary>
internal sealed class TrainArguments
{
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The run's folder: checkpoints, metrics.jsonl, and in the end spec, tokenizer and weights; runs/NAME unless said.", HelpName = "folder",
    };

    public Argument<string?> Model { get; } = new("model") { Description = ModelArguments.Model().Description, Arity = ArgumentArity.ZeroOrOne };

    public Option<string?> Resume { get; } = new("--resume")
    {
        Description = "Go on with the run of this folder where its newest checkpoint is, as it was begun; no MODEL then, and of other options only those "
            + "that shall change.",
        HelpName = "folder",
    };

    public DataArguments Data { get; } = new();

    public ValidationArguments Validation { get; } = new();

    public TokenizerArguments Tokenizer { get; } = new();

    public StartArguments Start { get; } = new();

    public OptimizationArguments Optimization { get; } = new();

    public Option<int?> Threads { get; } = ModelArguments.Threads();

    public Option<bool> NoCache { get; } = ModelArguments.NoCache();

    public Option<bool> Quiet { get; } = ModelArguments.Quiet();

    public Option<bool> Verbose { get; } = ModelArguments.Verbose();

    /// <summary>The options that concern one invocation, and no run.</summary>
    public IReadOnlyCollection<Option> OfTheMoment => [Resume, _output, NoCache, Quiet, Verbose];

    /// <summary>The options whose values are paths.</summary>
    public IReadOnlyCollection<Option> Paths => [.. Data.Paths, .. Validation.Paths];

    /// <summary>The verb.</summary>
    public Command Command(string name, string description)
    {
        var command = new Command(name, description) { Model };
        Data.AddTo(command);
        Validation.AddTo(command);
        command.Options.Add(_output);
        command.Options.Add(Resume);
        Tokenizer.AddTo(command);
        Start.AddTo(command);
        Optimization.AddTo(command);
        foreach (Option option in new Option[] { Threads, NoCache, Quiet, Verbose })
            command.Options.Add(option);
        ModelLoading.Exclude(command, Quiet, Verbose);
        ModelLoading.Exclude(command, Resume, _output);
        command.Validators.Add(result =>
        {
            bool resumes = result.GetResult(Resume) is { Implicit: false }, model = result.GetResult(Model) is { Tokens.Count: > 0 };
            if (resumes && model)
                result.AddError("--resume goes on with the run in its folder, which has the model; MODEL is for new runs.");
            else if (!resumes && (!model || result.GetResult(Data.Data) is not { Tokens.Count: > 0 }))
                result.AddError("a new run needs MODEL and --data; --resume with a run's folder goes on with that run.");
        });
        return command;
    }

    /// <summary>A new run's folder.</summary>
    public string FolderOf(ParseResult parsed)
    {
        if (parsed.GetValue(_output) is { } named)
            return named;
        string spec = Path.GetFileName(SpecFile.Open(parsed.GetValue(Model)!).Text.Path);
        bool usual = spec.EndsWith(SpecFile.Suffix, StringComparison.Ordinal);
        return Path.Combine("runs", usual ? spec[..^SpecFile.Suffix.Length] : Path.GetFileNameWithoutExtension(spec));
    }

    /// <summary>What a run must know to go on by itself.</summary>
    /// <param name="parsed">The command line that begins it.</param>
    /// <param name="weights">The weights that it starts from; null for drawn ones.</param>
    public RunRecord Record(ParseResult parsed, string? weights)
    {
        var record = new RunRecord(parsed, Paths);
        record.Forget(OfTheMoment);
        record.Forget(Tokenizer.All);
        (Option start, string[] path) = Start.Resolved(weights);
        record.Set(start, path);
        (Option warmUp, string steps) = Optimization.ResolvedWarmUp(parsed);
        record.Set(warmUp, steps);
        return record;
    }
}
