using System.CommandLine;
using System.Text;
using Formwork.Cli.Output;
using Formwork.Import;

namespace Formwork.Cli.Commands;

/// <summary><c>formwork import</c>: the spec of a Hugging Face folder, on standard output or as a file.</summary>
internal static class ImportCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("folder") { Description = "A folder with config.json, as Hugging Face keeps a model, or its config.json." };
        var output = new Option<string?>("--output", "-o")
        {
            Description = $"The file to write to; standard output unless said. As {HuggingFaceFolder.SpecFile} in the folder, the verbs use it from then on.",
            HelpName = "file",
        };
        var name = new Option<string?>("--name") { Description = "The C# type's name; made from the folder's unless said.", HelpName = "identifier" };
        Option<bool> quiet = ModelArguments.Quiet();
        var command = new Command("import", "Write the spec of a Hugging Face folder, to read or to change. The other verbs take such a folder without.")
        {
            folder, output, name, quiet,
        };
        command.SetAction(parsed =>
        {
            terminal.Quiet = parsed.GetValue(quiet);
            ImportedModel model = HuggingFaceFolder.Import(parsed.GetRequiredValue(folder), parsed.GetValue(name));
            Write(model, parsed.GetValue(output), terminal);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(ImportedModel model, string? output, Terminal terminal)
    {
        if (output is null)
        {
            terminal.Write(model.Text.Text);
            return;
        }
        if (Path.GetDirectoryName(Path.GetFullPath(output)) is { } parent)
            Directory.CreateDirectory(parent);
        File.WriteAllText(output, model.Text.Text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        terminal.Say(output);
    }
}
