using System.CommandLine;
using System.Text;
using Formwork.Cli.Compilation;
using Formwork.Cli.Output;
using Formwork.Compiler;

namespace Formwork.Cli.Commands;

/// <summary><c>formwork emit</c>: writes the generated C# as files.</summary>
internal static class EmitCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = ModelArguments.Model();
        var output = new Option<string>("--output", "-o") { Description = "The folder to write to; made if it is not there.", HelpName = "folder", Required = true };
        Option<bool> quiet = ModelArguments.Quiet();
        var command = new Command("emit", "Write the C# that a spec becomes.") { model, output, quiet };
        command.SetAction(parsed =>
        {
            terminal.Quiet = parsed.GetValue(quiet);
            Emit(SpecFile.Open(parsed.GetRequiredValue(model)), parsed.GetRequiredValue(output), terminal);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Emit(SpecFile file, string folder, Terminal terminal)
    {
        CompiledModel model = ModelCompiler.Compile(file.Read(terminal));
        Directory.CreateDirectory(folder);
        foreach (GeneratedFile generated in model.Files)
        {
            string path = Path.Combine(folder, generated.HintName);
            File.WriteAllText(path, generated.Text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            terminal.Say(path);
        }
    }
}
