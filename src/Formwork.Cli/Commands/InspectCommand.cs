using System.CommandLine;
using Formwork.Cli.Compilation;
using Formwork.Cli.Output;
using Formwork.Compiler;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Planning.Training;
using Formwork.Compiler.Spec;
using Formwork.Runtime;
using Spectre.Console;

namespace Formwork.Cli.Commands;

/// <summary><c>formwork inspect</c>: what each stage of the compiler made of a spec, or a table of what the model costs.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = ModelArguments.Model();
        var stage = new Option<string?>("--stage") { Description = "Print this stage of the compiler instead of the table.", HelpName = "spec|graph|plan|training|csharp" };
        stage.AcceptOnlyFromAmong("spec", "graph", "plan", "training", "csharp");
        Option<int?> rows = ModelArguments.Bounded(new Option<int?>("--rows")
        {
            Description = $"Of a model with training: the batch whose memory is shown, in tokens of all its sequences; {TrainingCosts.UsualSequences} sequences of the context unless said.", HelpName = "count",
        }, least: 1);
        var command = new Command("inspect", "Show a model's parameters, work and memory, for training too, or what a stage of the compiler made of it.") { model, stage, rows };
        ModelLoading.Exclude(command, stage, rows);
        command.SetAction(parsed =>
        {
            SpecFile file = SpecFile.Open(parsed.GetRequiredValue(model));
            ModelSpec spec = file.Read(terminal);
            if (spec.Training is null && (parsed.GetValue(stage) == "training" || parsed.GetValue(rows) is not null))
                throw new InvalidInputException(file.Text.Path, "training", "none", "a spec with training", "Write `training: true` in it.");
            if (parsed.GetValue(stage) is { } wanted)
            {
                terminal.Write(Stage(wanted, spec));
                return ExitCodes.Success;
            }
            ModelPlan plan = ModelCompiler.Plan(ModelCompiler.Graph(spec));
            ShowCosts(plan, terminal);
            if (spec.Training is not null)
                TrainingCosts.Show(plan, parsed.GetValue(rows), terminal);
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Stage(string stage, ModelSpec spec) => stage switch
    {
        "spec" => SpecPrinter.Print(spec),
        "graph" => GraphPrinter.Print(ModelCompiler.Graph(spec)) + (spec.Training is null ? "" : GraphPrinter.Print(ModelCompiler.TrainingGraph(spec))),
        "plan" => PlanPrinter.Print(ModelCompiler.Plan(ModelCompiler.Graph(spec))),
        "training" => TrainingPlanPrinter.Print(TrainingCosts.Plan(ModelCompiler.Plan(ModelCompiler.Graph(spec)))),
        _ => string.Concat(ModelCompiler.Compile(spec).Files.Select(generated => $"// {generated.HintName}\n{generated.Text}\n")),
    };

    private static void ShowCosts(ModelPlan plan, Terminal terminal)
    {
        terminal.Tables.WriteLine(Headline(plan.Graph.Spec));
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumns("", "parameters", "FLOPs a token", "weight bytes");
        foreach (TableColumn column in table.Columns.Skip(1))
            column.RightAligned();
        var counted = new HashSet<Node>();
        foreach (IGrouping<string, PlanSection> part in plan.Sections.GroupBy(section => PartOf(section.Path)))
        {
            PlanStep[] steps = [.. part.SelectMany(section => section.Steps)];
            PlannedWeight[] weights = [.. steps.SelectMany(step => step.Weights).Where(weight => weight.Slots.All(slot => counted.Add(slot.Parameter)))];
            long flops = steps.Sum(step => step.Kernel.FlopsPerRow);
            if (weights.Length == 0 && flops == 0)
                continue;
            string repeated = part.Count() > 1 ? $" × {part.Count()}" : "";
            table.AddRow($"{part.Key}{repeated}", $"{weights.Sum(Parameters):N0}", $"{flops:N0}", Bytes(weights.Sum(weight => weight.Length)));
        }
        table.AddRow("all", $"{plan.Graph.ParameterCount:N0}", $"{plan.FlopsPerToken:N0}", Bytes(plan.WeightFloats));
        terminal.Tables.Write(table);
        terminal.Tables.Write(Memory(plan));
    }

    private static Grid Memory(ModelPlan plan)
    {
        Grid grid = new Grid().AddColumn().AddColumn();
        if (plan.Graph.Spec.Decoder is { } decoder)
            grid.AddRow("key/value cache", $"{Bytes(plan.CachePositionFloats)} a token, {Bytes(plan.CacheFloats)} a sequence of {decoder.Context:N0}");
        if (plan.MemorySegments.Count > 0 && plan.Graph.Spec.Encoder is { } encoder)
            grid.AddRow("kept of a source", $"{Bytes(plan.MemorySegments.Sum(floats => (long)floats))} a token, {Bytes(plan.MemoryFloats)} a source of {encoder.Context:N0}");
        return grid
            .AddRow("activations", $"{Bytes(plan.ActivationFloats)} a token of a pass")
            .AddRow("tables", Bytes(plan.TableFloats));
    }

    private static string Headline(ModelSpec spec)
    {
        string stacks = spec is { Encoder: { } encoder, Decoder: { } decoder }
            ? $"encoder of {Described(encoder)}; decoder of {Described(decoder)}"
            : Described((spec.Encoder ?? spec.Decoder)!);
        return $"{spec.Name}: {stacks}; width {spec.Width}, vocabulary {spec.Vocabulary:N0}";
    }

    private static string Described(StackSpec stack)
    {
        AttentionSpec attention = stack.Layers[0].Attention;
        string grouped = attention.KeyValueHeads == attention.Heads ? "" : $" over {attention.KeyValueHeads} of keys and values";
        return $"{stack.Layers.Count} layers, {attention.Heads} heads{grouped}, context {stack.Context:N0}";
    }

    // layers.3.attention → layers.attention
    private static string PartOf(string path) => string.Join('.', path.Split('.').Where(part => !char.IsAsciiDigit(part[0])));

    private static long Parameters(PlannedWeight weight) => weight.Slots.Sum(slot => slot.Parameter.Shape.Elements);

    /// <summary>So many floats, in bytes.</summary>
    internal static string Bytes(long floats) => $"{floats * sizeof(float):N0} bytes";
}
