using System.CommandLine;
using System.Reflection;
using Formwork.Cli.Compilation;
using Formwork.Cli.Output;
using Formwork.Compiler;
using Formwork.Runtime;

namespace Formwork.Cli.Commands;

/// <summary><c>formwork new</c>: a folder with a spec, a project and a program that tells a story with it.</summary>
internal static class NewCommand
{
    private const string Resources = "Templates/";
    // Not SpecFile.Suffix: that would make this program a model assembly.
    private const string SpecSuffix = ".spec.yaml";

    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "The model's name, a C# type; the folder is called so too." };
        name.Validators.Add(result =>
        {
            string value = result.Tokens[0].Value;
            if (!IsTypeName(value))
                result.AddError($"'{value}' is no name for a model; it must be a C# identifier of letters and digits, beginning with an upper-case letter.");
        });
        var template = new Option<string>("--template") { Description = "The spec to begin with.", DefaultValueFactory = _ => "llama" };
        template.AcceptOnlyFromAmong([.. Templates()]);
        var output = new Option<string?>("--output", "-o") { Description = "The folder to make; NAME in the current one unless said.", HelpName = "folder" };
        var command = new Command("new", "Begin a project: a spec, a project file and a program.") { name, template, output };
        command.SetAction(parsed =>
        {
            string model = parsed.GetRequiredValue(name);
            Write(model, parsed.GetRequiredValue(template), parsed.GetValue(output) ?? model, terminal);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(string name, string template, string folder, Terminal terminal)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new InvalidInputException(folder, null, "a folder that holds something", "a new or an empty folder", "Choose another name, or --output.");
        string spec = $"{name}{SpecFile.Suffix}";
        // The compiler refuses some names, those of its own types; better before anything is written.
        new SpecFile(new ModelText(spec, Filled(template + SpecSuffix)), folder).Read(terminal);
        Directory.CreateDirectory(folder);
        Add(spec, template + SpecSuffix);
        Add($"{name}.csproj", "project.csproj");
        Add("Program.cs", "Program.cs");
        terminal.Say($"Put the weights and the tokenizer beside the spec, then: dotnet run -c Release --project {folder} -- \"Once upon a time\"");

        void Add(string file, string resource)
        {
            string path = Path.Combine(folder, file);
            File.WriteAllText(path, Filled(resource));
            terminal.Say(path);
        }

        string Filled(string resource) => Resource(resource)
            .Replace("{{name}}", name)
            .Replace("{{folder}}", Path.GetFileName(Path.GetFullPath(folder)))
            .Replace("{{version}}", ModelCompiler.Version);
    }

    private static IEnumerable<string> Templates() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(resource => resource.StartsWith(Resources, StringComparison.Ordinal) && resource.EndsWith(SpecSuffix, StringComparison.Ordinal))
        .Select(resource => resource[Resources.Length..^SpecSuffix.Length])
        .Order(StringComparer.Ordinal);

    private static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resources + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static bool IsTypeName(string name) => name.Length > 0 && char.IsAsciiLetterUpper(name[0]) && name.All(char.IsAsciiLetterOrDigit);
}
