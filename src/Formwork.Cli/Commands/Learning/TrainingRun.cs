using System.CommandLine;
using System.Globalization;
using Formwork.Cli.Compilation;
using Formwork.Cli.Output;
using Formwork.Cli.Plotting;
using Formwork.Compiler.Spec;
using Formwork.Runtime;
using Formwork.Runtime.Models;
using Formwork.Runtime.Weights;
using Formwork.Training;
using Formwork.Training.Data;

namespace Formwork.Cli.Commands.Learning;

/// <summary>One run of <c>formwork train</c>, from the spec to the weights.</summary>
/// <param name="Arguments">The verb's options.</param>
/// <param name="Parsed">Their values.</param>
/// <param name="Folder">The run's folder.</param>
/// <param name="IsResumed">Whether it is to go on with what is there.</param>
internal sealed record TrainingRun(TrainArguments Arguments, ParseResult Parsed, string Folder, bool IsResumed)
{
    /// <summary>Trains, and leaves the run's folder complete, or with a checkpoint to go on from.</summary>
    /// <exception cref="InvalidInputException">The spec, the data or the folder cannot be used.</exception>
    /// <exception cref="UsageException">Options do not go together.</exception>
    public void Train(Terminal terminal, CancellationToken cancellation)
    {
        SpecFile file = SpecFile.Open(Parsed.GetValue(Arguments.Model)!), learning = file.ForTraining();
        ModelSpec spec = learning.Check(out _) ?? learning.Read(terminal);
        DataFiles files = Arguments.Data.FilesOf(Parsed);
        DataFiles? held = Arguments.Validation.FilesOf(Parsed);
        DataKind kind = Arguments.Data.KindOf(Parsed, spec.Architecture, files, held);
        string? weights = Arguments.Start.Weights(Parsed, file);
        TrainingOptions options = Arguments.Optimization.Read(Parsed, spec.Width, drawn: weights is null, Arguments.Validation.Evaluates(Parsed), Folder);
        string? tokenizer = IsResumed ? Folder : Arguments.Tokenizer.FolderOf(Parsed, file, spec.Tokenizer, drawn: weights is null);
        if (!IsResumed)
            RunFolder.RequireNew(Folder);
        CompilationCache cache = Parsed.GetValue(Arguments.NoCache) ? CompilationCache.None : CompilationCache.OfUser();
        InMemoryModel compiled = InMemoryModel.Compile(learning, cache, terminal, cancellation);
        if (!IsResumed)
        {
            // All that the folder needs before the first step, so that a run that is killed can go on from there alone.
            RunFolder.Create(Folder);
            if (tokenizer is null)
                MakeTokenizer(spec, kind, files, held, terminal, cancellation);
            else
                RunFolder.AddTokenizer(Folder, tokenizer, spec.Tokenizer);
            RunFolder.AddSpec(Folder, file);
            Arguments.Record(Parsed, weights).Save(Folder);
        }

        using TransformerModel model = Load(compiled, spec, weights, terminal);
        DataOptions texts = Arguments.Data.Read(Parsed, model, kind, files) with { Seed = options.Seed, Accumulation = options.Accumulation };
        DataOptions data = Arguments.Validation.Complete(Parsed, texts);
        using DataSource source = terminal.During("Reading the texts", () => DataSource.Open(data));
        Tell(source, kind, terminal);
        cancellation.ThrowIfCancellationRequested();

        var display = new TrainingDisplay(terminal);
        using var trainer = new Trainer(model, source, options, display);
        if (IsResumed)
            terminal.Say(trainer.Resume() ? $"formwork: goes on after step {trainer.Step}" : "formwork: there is no checkpoint yet; begins with step 1");
        TrainingResult result = display.During(options.Steps, () => trainer.Run(cancellation));
        Tell(result, options, display, terminal);
    }

    private void MakeTokenizer(ModelSpec spec, DataKind kind, DataFiles files, DataFiles? held, Terminal terminal, CancellationToken cancellation)
    {
        DataObjective objective = spec.Architecture == Architecture.EncoderDecoder ? DataObjective.Translation : DataObjective.Causal;
        var maker = new VocabularyMaker(spec, kind, Arguments.Data.FieldsOf(Parsed, objective), cancellation);
        bool characters = spec.Tokenizer.Kind == TokenizerKind.Characters;
        int size = Arguments.Tokenizer.SizeOf(Parsed, spec);
        int made = terminal.During("Making the vocabulary", () =>
        {
            if (characters)
                return maker.MakeCharacters(held is null ? [files] : [files, held], Folder);
            maker.MakeBytePairs(files, size, Arguments.Tokenizer.Lowercase(Parsed), Folder);
            return size;
        });
        terminal.Say($"formwork: made a vocabulary of {made} {(characters ? "characters" : "byte pairs")} in {Folder}");
    }

    private TransformerModel Load(InMemoryModel compiled, ModelSpec spec, string? weights, Terminal terminal)
    {
        var options = new LoadOptions { Threads = Parsed.GetValue(Arguments.Threads), Weights = weights, Tokenizer = Folder };
        if (weights is not null)
        {
            terminal.Say($"formwork: starts from the weights {weights}");
            return compiled.Load(Folder, options);
        }
        Initialization initialization = Arguments.Start.InitializationOf(Parsed, spec.Architecture);
        int seed = Arguments.Optimization.Seed(Parsed);
        terminal.Say($"formwork: starts from scratch ({StartArguments.NameOf(initialization)}, seed {seed})");
        return compiled.Initialized(seed, initialization, options);
    }

    private static void Tell(DataSource source, DataKind kind, Terminal terminal)
    {
        terminal.Explain($"data: {source.Description}");
        if (kind == DataKind.Stream)
            return;
        string left = source.Training is { Empty: 0, TooLong: 0 } ? "" : $" ({source.Training.Empty} empty and {source.Training.TooLong} too long left out)";
        terminal.Say(string.Create(CultureInfo.InvariantCulture,
            $"formwork: {source.Training.Examples:N0} texts to learn from{left}, {source.BatchesPerEpoch:N0} batches an epoch; ")
            + string.Create(CultureInfo.InvariantCulture, $"{source.Validation.Examples:N0} to evaluate with"));
    }

    private void Tell(TrainingResult result, TrainingOptions options, TrainingDisplay display, Terminal terminal)
    {
        string best = result.BestLoss is { } loss
            ? string.Create(CultureInfo.InvariantCulture, $"; least evaluation loss {loss:F4} at step {result.BestStep}")
            : "";
        if (result.End == TrainingEnd.Cancelled)
        {
            terminal.Say($"formwork: stopped after step {result.Step} of {options.Steps}{best}; go on with: formwork train --resume {Folder}");
            return;
        }
        string end = result.End == TrainingEnd.NoImprovement
            ? $"ended after step {result.Step}, as the evaluation loss falls no more"
            : $"{result.Step} steps are done";
        string last = double.IsNaN(display.LastLoss) ? "" : string.Create(CultureInfo.InvariantCulture, $"; last training loss {display.LastLoss:F4}");
        terminal.Say($"formwork: {end}{last}{best}");
        DrawLosses(terminal);
        terminal.Say(options.Adaptation is { Merge: false }
            ? $"formwork: the adapters are in {Folder}"
            : $"formwork: the model is in {Folder}: formwork run {Folder} …");
    }

    // The run has done its work; a picture that cannot be drawn does not undo it.
    private void DrawLosses(Terminal terminal)
    {
        string path = Path.Combine(Folder, LossPlot.UsualName);
        try
        {
            LossPlot.Save([RunMetrics.Read(Folder)], path);
            terminal.Say($"formwork: the loss curve is {path}{(LossPlot.Warning is { } warning ? $" ({warning})" : "")}");
        }
        catch (InvalidInputException error)
        {
            terminal.Say($"formwork: warning: {error.Message}");
        }
    }
}
