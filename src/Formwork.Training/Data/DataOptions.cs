using Formwork.Runtime;
using Formwork.Runtime.Models;
using Formwork.Runtime.Tokenization;

namespace Formwork.Training.Data;

/// <summary>What a model is trained with, in the words of a command line.</summary>
/// <param name="Kind">How the files hold texts.</param>
/// <param name="Objective">What is learnt.</param>
/// <param name="Training">The files to learn from.</param>
/// <param name="Tokenizer">What makes ids from texts; of pairs, from sources.</param>
public sealed record DataOptions(DataKind Kind, DataObjective Objective, DataFiles Training, TextTokenizer Tokenizer)
{
    /// <summary>What makes ids from targets; null for <see cref="Tokenizer"/>.</summary>
    public TextTokenizer? TargetTokenizer { get; init; }

    /// <summary>The files to evaluate with; null for a share of those to learn from, or none.</summary>
    public DataFiles? Validation { get; init; }

    /// <summary>The share of the texts to learn from, at their end, that is kept for evaluations where there are no files for them.</summary>
    public double ValidationShare { get; init; }

    /// <summary>What the fields of JSON lines are called; null for <c>text</c>, for <c>source</c> and <c>target</c>, or for <c>text</c> and <c>label</c>, as the objective needs.</summary>
    public JsonFields? Fields { get; init; }

    /// <summary>The most rows of a sequence; of a stream, the rows of a window.</summary>
    public int Context { get; init; }

    /// <summary>The most rows of a source.</summary>
    public int SourceContext { get; init; }

    /// <summary>Sequences of a batch; 0 where <see cref="BatchTokens"/> limits it.</summary>
    public int BatchSize { get; init; }

    /// <summary>The most target rows of a batch; 0 where <see cref="BatchSize"/> limits it.</summary>
    public int BatchTokens { get; init; }

    /// <summary>The most source rows of a batch; 0 for no limit but that of the targets, or the sources' context where that is greater.</summary>
    public int BatchSourceTokens { get; init; }

    /// <summary>Batches of a step.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>What the order of examples and all that is random about them follow from.</summary>
    public int Seed { get; init; }

    /// <summary>Batches of an evaluation; 0 for all.</summary>
    public int EvaluationLimit { get; init; }

    /// <summary>Whether evaluations take windows of a stream at random places, always the same ones.</summary>
    public bool RandomEvaluation { get; init; }

    /// <summary>Where token files are written, for texts larger than memory; null to keep ids in memory.</summary>
    public string? Folder { get; init; }

    /// <summary>An id before each text of lines that is learnt causally; null for none.</summary>
    public int? Begin { get; init; }

    /// <summary>The id after each text of lines that is learnt causally, and after each target; null for none.</summary>
    public int? End { get; init; }

    /// <summary>The id that targets start with.</summary>
    public int? Start { get; init; }

    /// <summary>Ids after it that every target has.</summary>
    public IReadOnlyList<int> ForcedFirst { get; init; } = [];

    /// <summary>An id put after each source; null where the tokenizer's own way of framing a text is used, as in <c>Translate</c>.</summary>
    public int? SourceEnd { get; init; }

    /// <summary>Classes of labels.</summary>
    public int Labels { get; init; }

    /// <summary>The same with what a model says: its contexts, its begin, end, start and forced ids, its labels.</summary>
    public DataOptions For(ModelDescription model) => this with
    {
        Context = Context > 0 ? Math.Min(Context, model.Context) : model.Context,
        SourceContext = SourceContext > 0 ? Math.Min(SourceContext, model.SourceContext) : model.SourceContext,
        Begin = Begin ?? model.Tokenizer.BeginToken,
        End = End ?? (model.Tokenizer.EndTokens is [int end, ..] ? end : null),
        Start = Start ?? model.Generation.Start ?? model.Tokenizer.BeginToken,
        ForcedFirst = ForcedFirst.Count > 0 ? ForcedFirst : model.Generation.ForcedFirst,
        Labels = Labels > 0 ? Labels : model.Labels,
    };

    /// <exception cref="InvalidInputException">The options do not go together.</exception>
    internal void Check()
    {
        bool pairs = Objective == DataObjective.Translation;
        Require(Kind != DataKind.Parallel || pairs, "data", "parallel text", $"texts for the objective {Objective}");
        Require(!pairs || Kind is DataKind.Parallel or DataKind.JsonLines, "data", $"{Kind}", "parallel text or JSON lines, for translation");
        Require(Objective != DataObjective.Labels || Kind == DataKind.JsonLines, "data", $"{Kind}", "JSON lines with labels");
        Require(Context > 0, "context", $"{Context}", "at least 1");
        Require(!pairs || SourceContext > 0, "source context", $"{SourceContext}", "at least 1");
        Require(BatchSize >= 0 && BatchTokens >= 0 && BatchSourceTokens >= 0 && (BatchSize > 0 || BatchTokens > 0), "batch size",
            $"{BatchSize} sequences, {BatchTokens} tokens", "a number of sequences or of tokens");
        Require(ValidationShare is >= 0 and < 1, "validation share", $"{ValidationShare}", "a share of at least 0 and less than 1");
        Require(Accumulation > 0, "accumulation", $"{Accumulation}", "at least 1");
        Require(EvaluationLimit >= 0, "evaluation limit", $"{EvaluationLimit}", "0 or more");
        foreach (DataFiles files in Validation is null ? [Training] : new[] { Training, Validation })
        {
            Require(files.Texts.Count > 0, "data", "no file", "at least one");
            int targets = Kind == DataKind.Parallel ? files.Texts.Count : 0;
            Require(files.Targets.Count == targets, "data", $"{files.Targets.Count} files of targets", $"{targets}");
        }
    }

    private static void Require(bool holds, string option, string found, string expected)
    {
        if (!holds)
            throw new InvalidInputException(option, null, found, expected, "Change the option.");
    }
}
