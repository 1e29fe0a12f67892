using System.CommandLine;
using Formwork.Cli.Compilation;
using Formwork.Cli.Output;
using Formwork.Runtime;
using Formwork.Runtime.Models;
using Formwork.Runtime.Tokenization;

namespace Formwork.Cli.Commands;

/// <summary>The options of the verbs that compile a spec and load it, and the way from them to a model.</summary>
internal sealed class ModelLoading
{
    public Argument<string> Model { get; } = ModelArguments.Model();

    public Option<string?> Weights { get; } = ModelArguments.Weights();

    public Option<string?> Tokenizer { get; } = ModelArguments.Tokenizer();

    public Option<int?> RandomWeights { get; } = ModelArguments.RandomWeights();

    public Option<int?> Threads { get; } = ModelArguments.Threads();

    public Option<bool> NoCache { get; } = ModelArguments.NoCache();

    public Option<bool> Quiet { get; } = ModelArguments.Quiet();

    public Option<bool> Verbose { get; } = ModelArguments.Verbose();

    /// <summary>Adds the options to a verb, and refuses those that exclude each other.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { Weights, Tokenizer, RandomWeights, Threads, NoCache, Quiet, Verbose })
            command.Options.Add(option);
        Exclude(command, Weights, RandomWeights);
        Exclude(command, Quiet, Verbose);
    }

    /// <summary>Makes two options of a verb exclude each other.</summary>
    public static void Exclude(Command command, Option one, Option other) => command.Validators.Add(result =>
    {
        if (result.GetResult(one) is { Implicit: false } && result.GetResult(other) is { Implicit: false })
            result.AddError($"{one.Name} and {other.Name} exclude each other.");
    });

    /// <summary>The model's tokenizer; with random weights it is read apart, as the model has none then.</summary>
    /// <exception cref="InvalidInputException">There is none, or its files cannot be used.</exception>
    public TextTokenizer TokenizerOf(TransformerModel model, ParseResult parsed)
    {
        if (model.Tokenizer is { } loaded)
            return loaded;
        string place = parsed.GetValue(Tokenizer) ?? SpecFile.Open(parsed.GetRequiredValue(Model)).Folder;
        return TokenizerLoader.Load(model.Description.Tokenizer, place) ?? throw new InvalidInputException(
            model.Description.Name, "tokenizer", "none", "one", "Name it in the spec under tokenizer:.");
    }

    /// <summary>Compiles the spec and loads weights and tokenizer of a model of one architecture.</summary>
    /// <param name="what">What such a model is called in the message about another.</param>
    /// <exception cref="InvalidInputException">The model is of another architecture.</exception>
    public TModel Load<TModel>(string what, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
        where TModel : TransformerModel
    {
        TransformerModel model = Load(parsed, terminal, cancellation);
        if (model is TModel wanted)
            return wanted;
        string found = SpecFile.Open(parsed.GetRequiredValue(Model)).Text.Path;
        ModelArchitecture architecture = model.Description.Architecture;
        model.Dispose();
        throw new InvalidInputException(found, "architecture", $"{architecture}", what, "'formwork --help' says which verb runs which model.");
    }

    /// <summary>Compiles the spec and loads weights and tokenizer.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where it is told.</param>
    /// <param name="cancellation">Ends the compilation.</param>
    /// <param name="learning">Whether losses are needed, as in training.</param>
    public TransformerModel Load(ParseResult parsed, Terminal terminal, CancellationToken cancellation, bool learning = false)
    {
        terminal.Quiet = parsed.GetValue(Quiet);
        terminal.Verbose = parsed.GetValue(Verbose);
        SpecFile file = SpecFile.Open(parsed.GetRequiredValue(Model));
        CompilationCache cache = parsed.GetValue(NoCache) ? CompilationCache.None : CompilationCache.OfUser();
        InMemoryModel compiled = InMemoryModel.Compile(learning ? file.ForTraining() : file, cache, terminal, cancellation);
        var options = new LoadOptions
        {
            Threads = parsed.GetValue(Threads),
            Weights = parsed.GetValue(Weights),
            Tokenizer = parsed.GetValue(Tokenizer),
        };
        if (parsed.GetValue(RandomWeights) is not { } seed)
            return compiled.Load(file.Folder, options);
        terminal.Say($"formwork: random weights from seed {seed}: the text will mean nothing");
        // A spec with no checkpoint beside it often has no tokenizer there either; an imported folder's was seen.
        return compiled.WithRandomWeights(seed, file.IsImported ? options with { Tokenizer = options.Tokenizer ?? file.Folder } : options);
    }
}
