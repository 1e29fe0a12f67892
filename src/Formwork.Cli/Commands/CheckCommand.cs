using System.CommandLine;
using Formwork.Cli.Compilation;
using Formwork.Cli.Output;
using Formwork.Compiler.Diagnostics;

namespace Formwork.Cli.Commands;

/// <summary><c>formwork check</c>: what the compiler finds in specs, without compiling their C#.</summary>
internal static class CheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var models = new Argument<string[]>("model")
        {
            Description = "Specs: *.model.yaml files, or folders that hold exactly one; or Hugging Face folders, which need none.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> quiet = ModelArguments.Quiet();
        var command = new Command("check", "Say what is wrong with specs, each place with its line and column.") { models, quiet };
        command.SetAction(parsed =>
        {
            terminal.Quiet = parsed.GetValue(quiet);
            return Check(parsed.GetRequiredValue(models), terminal);
        });
        return command;
    }

    private static int Check(string[] models, Terminal terminal)
    {
        var report = new DiagnosticReport(terminal);
        int errors = 0, warnings = 0;
        foreach (string model in models)
        {
            SpecFile file = SpecFile.Open(model);
            file.Check(out IReadOnlyList<DiagnosticInfo> findings);
            report.Write(file.Text, findings);
            errors += findings.Count(finding => finding.Kind.Level == DiagnosticLevel.Error);
            warnings += findings.Count(finding => finding.Kind.Level == DiagnosticLevel.Warning);
        }
        terminal.Say($"formwork: {Count(models.Length, "spec")}, {Count(errors, "error")}, {Count(warnings, "warning")}");
        return errors == 0 ? ExitCodes.Success : ExitCodes.InvalidInput;
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
