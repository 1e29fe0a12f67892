using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Formwork.Cli.Commands;
using Formwork.Cli.Commands.Learning;
using Formwork.Cli.Compilation;
using Formwork.Cli.Output;
using Formwork.Runtime;

namespace Formwork.Cli;

/// <summary>Parses the arguments, runs the verb they name, and turns every way it can end into an exit code.</summary>
internal static partial class CommandLine
{
    public static int Run(string[] arguments)
    {
        var terminal = new Terminal();
        using var interruption = new Interruption();
        ParseResult parsed = Root(terminal, interruption)
            .Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null }); // a prompt may begin with @
        try
        {
            if (parsed.Action is ParseErrorAction mistakes)
                return Usage(parsed, Explanation(parsed, mistakes));
            RefuseMistypedOptions(parsed, arguments);
            int code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
            return interruption.Token.IsCancellationRequested ? interruption.ExitCode : code;
        }
        catch (UsageException exception)
        {
            return Usage(parsed, exception.Message);
        }
        catch (OperationCanceledException)
        {
            return interruption.ExitCode;
        }
        catch (Exception exception)
        {
            return Explain(exception, terminal);
        }
    }

    private static RootCommand Root(Terminal terminal, Interruption interruption)
    {
        CancellationToken cancellation = interruption.Token;
        var root = new RootCommand("Compiles transformers, described in YAML, to C#, and runs them.")
        {
            RunCommand.Create(terminal, cancellation),
            ChatCommand.Create(terminal, interruption),
            TrainCommand.Create(terminal, cancellation),
            EvalCommand.Create(terminal, cancellation),
            PlotCommand.Create(terminal),
            CheckCommand.Create(terminal),
            InspectCommand.Create(terminal),
            EmitCommand.Create(terminal),
            TokenizeCommand.Create(terminal, cancellation),
            EmbedCommand.Create(terminal, cancellation),
            BenchCommand.Create(terminal, cancellation),
            ImportCommand.Create(terminal),
            NewCommand.Create(terminal),
        };
        return root;
    }

    private static int Explain(Exception exception, Terminal terminal)
    {
        switch (exception)
        {
            case OutputClosedException:
                return ExitCodes.Success;
            case InvalidSpecException invalid:
                new DiagnosticReport(terminal).Write(invalid.Text, invalid.Diagnostics);
                return ExitCodes.InvalidInput;
            case InvalidInputException or IOException or UnauthorizedAccessException:
                terminal.Fail(exception.Message);
                return ExitCodes.InvalidInput;
            case OutOfMemoryException:
                terminal.Fail("the memory does not hold this model; 'formwork inspect' shows what it takes.");
                return ExitCodes.InvalidInput;
            default:
                terminal.Fail($"internal error, please report it with what led to it.\n{exception}");
                return ExitCodes.InternalError;
        }
    }

    private static int Usage(ParseResult parsed, string message)
    {
        string verb = parsed.CommandResult.Command is RootCommand ? "formwork" : "formwork " + parsed.CommandResult.Command.Name;
        Console.Error.WriteLine($"{verb}: {message}\n'{verb} --help' says how it is used.");
        return ExitCodes.Usage;
    }

    // What the library says of a parse error; standard output is not the place for it, nor are the names of .NET's types.
    private static string Explanation(ParseResult parsed, ParseErrorAction mistakes)
    {
        var text = new StringWriter { NewLine = "\n" };
        mistakes.ShowHelp = false;
        mistakes.ShowTypoCorrections = parsed.UnmatchedTokens.All(token => token.Length > 3);
        parsed.Invoke(new InvocationConfiguration { Output = text, Error = text });
        return TypeName().Replace(text.ToString().Trim(), type => type.Groups[1].Value is "Int32" or "Int64" ? "as a whole number" : "as a number");
    }

    [GeneratedRegex(@"as expected type 'System\.(?:Nullable`1\[System\.)?(Single|Double|Int32|Int64)\]?'", RegexOptions.CultureInvariant)]
    private static partial Regex TypeName();

    // The library takes an unknown option for the next free argument, or one more file of a list, so that `run model --tempratur=0` would tell a story about it.
    private static void RefuseMistypedOptions(ParseResult parsed, string[] arguments)
    {
        if (parsed.Errors.Count > 0 || parsed.Action is not null and not SynchronousCommandLineAction)
            return;
        HashSet<string> beforeDashes = [.. arguments.TakeWhile(argument => argument != "--")];
        string? mistyped = parsed.CommandResult.Children.Where(child => child is ArgumentResult or OptionResult { Option.AllowMultipleArgumentsPerToken: true })
            .SelectMany(child => child.Tokens)
            .Select(token => token.Value)
            .FirstOrDefault(value => value.Length > 1 && value[0] == '-' && beforeDashes.Contains(value));
        if (mistyped is not null)
            throw new UsageException($"there is no option {mistyped} (text that begins with a dash goes after --)");
    }
}
