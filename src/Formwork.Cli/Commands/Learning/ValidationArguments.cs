using System.CommandLine;
using Formwork.Runtime;
using Formwork.Training.Data;

namespace Formwork.Cli.Commands.Learning;

/// <summary>The options that say what a run is evaluated with.</summary>
internal sealed class ValidationArguments
{
    private const double UsualShare = 0.1;

    private readonly Option<string[]> _files = DataArguments.Files("--validation", null, "Files to evaluate with, of the kind of --data.");
    private readonly Option<string[]> _targets = DataArguments.Files("--validation-targets", null, "Of parallel text, the targets of --validation.");
    private readonly Option<double?> _share = ModelArguments.Number("--validation-share",
        $"The share of --data, at its end, that is kept for evaluations where there is no --validation; {UsualShare} unless said.",
        share => share is >= 0 and < 1, "a share, 0 or more and less than 1");
    private readonly Option<int?> _batches = ModelArguments.Bounded(
        new Option<int?>("--evaluation-batches") { Description = "The most batches of an evaluation; all unless said.", HelpName = "count" }, least: 1);

    /// <summary>The options whose values are paths.</summary>
    public IReadOnlyList<Option> Paths => [_files, _targets];

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _files, _targets, _share, _batches })
            command.Options.Add(option);
        ModelLoading.Exclude(command, _files, _share);
    }

    /// <summary>The files to evaluate with, which are there; null where none are named.</summary>
    /// <exception cref="InvalidInputException">One is not there.</exception>
    public DataFiles? FilesOf(ParseResult parsed)
    {
        string[] targets = parsed.GetValue(_targets) ?? [];
        if (parsed.GetValue(_files) is not { Length: > 0 } texts)
            return targets.Length == 0 ? null : throw new UsageException("--validation-targets belongs to --validation");
        var files = new DataFiles(texts, targets);
        DataArguments.Require(files);
        return files;
    }

    /// <summary>Whether there is anything to evaluate with.</summary>
    public bool Evaluates(ParseResult parsed) => FilesOf(parsed) is not null || ShareOf(parsed) > 0;

    /// <summary>The data with what they are evaluated with.</summary>
    public DataOptions Complete(ParseResult parsed, DataOptions data) => data with
    {
        Validation = FilesOf(parsed),
        ValidationShare = ShareOf(parsed),
        EvaluationLimit = parsed.GetValue(_batches) ?? 0,
    };

    private double ShareOf(ParseResult parsed) => parsed.GetValue(_share) ?? (parsed.GetResult(_files) is { Implicit: false } ? 0 : UsualShare);
}
