using System.Globalization;
using Formwork.Cli.Output;
using Formwork.Compiler;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Planning.Training;
using Formwork.Compiler.Spec;
using Spectre.Console;

namespace Formwork.Cli.Commands;

/// <summary>What training a model takes: memory that stays, memory of a batch, work; and what recomputing its layers would change.</summary>
internal static class TrainingCosts
{
    /// <summary>Sequences of the batch that is counted unless the user says how many rows it has.</summary>
    public const int UsualSequences = 8;

    /// <summary>The plan of a model's training passes.</summary>
    public static TrainingPlan Plan(ModelPlan inference) => ModelCompiler.PlanTraining(ModelCompiler.TrainingGraph(inference.Graph.Spec), inference);

    /// <summary>Writes them.</summary>
    /// <param name="inference">The plan of the passes that infer; its spec has training.</param>
    /// <param name="rows">Tokens of a batch, of each stack; null for some sequences of the context.</param>
    /// <param name="terminal">Where to.</param>
    public static void Show(ModelPlan inference, int? rows, Terminal terminal)
    {
        ModelSpec spec = inference.Graph.Spec;
        long tokens = rows ?? (long)UsualSequences * (spec.Decoder ?? spec.Encoder)!.Context;
        TrainingPlan plan = Plan(inference), other = Plan(inference, Other(spec.Training!));
        long stays = 4 * inference.WeightFloats, activations = plan.ActivationFloats(tokens), head = plan.HeadFloatsOf(tokens);
        string sources = plan.SourceRowFloats > 0 ? " and as many of sources" : "";
        terminal.Tables.WriteLine();
        terminal.Tables.WriteLine($"training, a batch of {tokens:N0} tokens{sources}");
        terminal.Tables.Write(new Grid().AddColumn().AddColumn()
            .AddRow("parameters", $"{inference.Graph.ParameterCount:N0}")
            .AddRow("weights", Bytes(inference.WeightFloats))
            .AddRow("gradients", Bytes(inference.WeightFloats))
            .AddRow("optimizer state", $"{Bytes(2 * inference.WeightFloats)}, AdamW's two moments")
            .AddRow("activations", $"{Bytes(activations)}, {PerToken(plan)}, what flows back among them")
            .AddRow("head", $"{Bytes(head)}, {Math.Min(plan.HeadRows, tokens):N0} rows of logits at a time")
            .AddRow("all of these", Bytes(stays + activations + head))
            .AddRow("scratch", $"{Bytes(plan.ScratchFloats)} a thread")
            .AddRow("work", $"{plan.FlopsPerToken:N0} FLOPs a token, forward and backward")
            .AddRow($"recompute: {Word(spec.Training!.Recompute)}", Compared(other, plan, tokens)));
    }

    private static TrainingPlan Plan(ModelPlan inference, TrainingSpec training) =>
        ModelCompiler.PlanTraining(ModelCompiler.TrainingGraph(inference.Graph.Spec with { Training = training }), inference);

    private static TrainingSpec Other(TrainingSpec training) =>
        training with { Recompute = training.Recompute == Recompute.None ? Recompute.Layers : Recompute.None };

    private static string PerToken(TrainingPlan plan) => plan.SourceRowFloats > 0
        ? $"{Bytes(plan.RowFloats)} a token of a target and {Bytes(plan.SourceRowFloats)} a token of a source"
        : $"{Bytes(plan.RowFloats)} a token";

    private static string Compared(TrainingPlan other, TrainingPlan plan, long tokens)
    {
        long activations = other.ActivationFloats(tokens);
        return $"with {Word(other.Graph.Forward.Spec.Training!.Recompute)} activations would take {Bytes(activations)} ({Change(activations, plan.ActivationFloats(tokens))}) "
            + $"and a token {other.FlopsPerToken:N0} FLOPs ({Change(other.FlopsPerToken, plan.FlopsPerToken)})";
    }

    private static string Change(long other, long now) => ((double)other / now - 1).ToString("+0%;-0%;+0%", CultureInfo.InvariantCulture);

    private static string Word(Recompute recompute) => recompute.ToString().ToLowerInvariant();

    private static string Bytes(long floats) => InspectCommand.Bytes(floats);
}
