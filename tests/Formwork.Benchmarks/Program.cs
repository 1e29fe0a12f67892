using System.CommandLine;
using Formwork.Benchmarks;
using Formwork.Benchmarks.Generating;
using Formwork.Benchmarks.Learning;
using Formwork.Benchmarks.Limits;
using Formwork.Benchmarks.Methods;
using Formwork.Benchmarks.Reports;
using Formwork.Benchmarks.SideBySide;
using Formwork.Benchmarks.Workloads;

// Two verbs with arguments of their own; all else is the side-by-side program.
switch (args)
{
    case ["methods", ..]:
        var tables = MethodBenchmarks.Run([.. args[1..].Where(argument => argument != "--write")]);
        if (tables.Length > 0)
            Publish("Methods", tables, note: null, write: args.Contains("--write"));
        return 0;
    case [GenerateReport.ColdVerb, var layers, var processorTime]:
        GenerateReport.PrintFirstCall(int.Parse(layers), bool.Parse(processorTime));
        return 0;
    case [TrainingMemory.Verb, var row, var contender, var threads]:
        TrainingMemory.PrintPeak(row, contender, int.Parse(threads));
        return 0;
}

var options = new Options();
var root = new RootCommand("Formwork beside libtorch, llama.cpp and the machine's limits. `methods` instead runs the benchmarks of single methods, with BenchmarkDotNet's options.")
{
    options.Only, options.Threads, options.Repeat, options.Quick, options.ProcessorTime, options.WriteResults, options.Note, options.Folder,
};
root.SetAction(parsed =>
{
    var only = parsed.GetValue(options.Only);
    Clock.UsesProcessorTime = parsed.GetValue(options.ProcessorTime);
    var threads = Clock.UsesProcessorTime ? [1] : parsed.GetValue(options.Threads)!;
    var repeats = parsed.GetValue(options.Quick) ? 2 : parsed.GetValue(options.Repeat);
    var write = parsed.GetValue(options.WriteResults);
    var note = parsed.GetValue(options.Note);

    if (Wanted("limits"))
        Publish("Limits", LimitsReport.Run(threads), note, write);
    if (Wanted("generate"))
        Publish("Generating", GenerateReport.Run(repeats), note, write);
    var rows = WorkRow.All.Where(row => only is null ? !row.OnRequest : Wanted(row.Name)).ToArray();
    if (rows.Length > 0)
    {
        var title = rows.Length == WorkRow.All.Count(row => !row.OnRequest) ? "Whole models" : $"Whole models: {only}";
        Publish(title, new ModelsReport(new Contenders(parsed.GetValue(options.Folder)!), threads, repeats).Run(rows, Console.Error), note, write);
    }

    var encodeRows = EncodeRow.All.Where(row => Wanted(row.Name)).ToArray();
    var stepRows = StepRow.All.Where(row => Wanted(row.Name)).ToArray();
    if (encodeRows.Length + stepRows.Length > 0)
    {
        var title = encodeRows.Length + stepRows.Length == EncodeRow.All.Count + StepRow.All.Count ? "Encoders and translation" : $"Encoders and translation: {only}";
        Publish(title, new SequencesReport(threads, repeats).Run(encodeRows, stepRows, Console.Error), note, write);
    }

    var trainingRows = TrainingRow.All.Where(row => Wanted(row.Name)).ToArray();
    if (trainingRows.Length > 0)
    {
        var title = trainingRows.Length == TrainingRow.All.Count ? "Training" : $"Training: {only}";
        Publish(title, new TrainingReport(threads, repeats, Console.Error).Run(trainingRows), note, write);
    }

    // Runs of many minutes: only when they are asked for.
    var tasks = only is null ? [] : LearningTask.All(parsed.GetValue(options.Folder)!).Where(task => Wanted(task.Name)).ToArray();
    if (tasks.Length > 0)
        Publish(only == LearningTask.Group ? "Learning" : $"Learning: {only}", new LearningReport(threads[0], Console.Error).Run(tasks), note, write);

    bool Wanted(string name) => only is null || name.Contains(only, StringComparison.OrdinalIgnoreCase);
});
return root.Parse(args).Invoke();

void Publish(string title, string body, string? note, bool write)
{
    var machine = MachineInfo.Current();
    var heading = $"{title}, vectors of {machine.VectorWidth}{(Clock.UsesProcessorTime ? ", processor time" : "")}";
    var text = $"{machine}\n\n    {CommandLine()}\n\n{(note is null ? "" : note + "\n\n")}{body}";
    Console.WriteLine($"## {heading}\n\n{text}");
    if (write)
        ResultsPage.Write(heading, text);
}

string CommandLine()
{
    string[] switches = ["DOTNET_EnableAVX512", "DOTNET_EnableAVX2"];
    var set = switches.Where(name => Environment.GetEnvironmentVariable(name) is not null).Select(name => $"{name}={Environment.GetEnvironmentVariable(name)} ");
    var quoted = args.Where(argument => argument != "--write").Select(argument => argument.Contains(' ') ? $"\"{argument}\"" : argument);
    return $"{string.Concat(set)}dotnet run -c Release --project tests/Formwork.Benchmarks -- {string.Join(' ', quoted)}".TrimEnd(' ', '-');
}
