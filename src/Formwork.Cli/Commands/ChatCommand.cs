using System.CommandLine;
using Formwork.Cli.Compilation;
using Formwork.Cli.Output;
using Formwork.Runtime;
using Formwork.Runtime.Chat;
using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Formwork.Runtime.Tokenization;

namespace Formwork.Cli.Commands;

/// <summary>
/// <c>formwork chat</c>: turns with a decoder-only model, each line of standard input one of the person's. Standard output gets the answers, each with
/// a line end.
/// </summary>
internal static class ChatCommand
{
    private const string ResetCommand = "/reset", QuitCommand = "/quit";

    public static Command Create(Terminal terminal, Interruption interruption)
    {
        var loading = new ModelLoading();
        var sampling = new SamplingArguments();
        var system = new Option<string?>("--system") { Description = "Instructions for the whole chat.", HelpName = "text" };
        var template = new Option<string?>("--template") { Description = "The chat template's file; unless said, it is looked for where the tokenizer is.", HelpName = "path" };
        var command = new Command("chat", $"Talk with a model, a line a turn. {ResetCommand} begins anew, {QuitCommand} ends, Ctrl-C ends an answer.") { loading.Model, system, template };
        sampling.AddTo(command);
        loading.AddTo(command);
        command.SetAction(parsed =>
        {
            GenerationOptions options = sampling.Read(parsed) with { EchoPrompt = false };
            ChatTemplate chat = Template(parsed.GetValue(template), parsed, loading);
            using DecoderModel model = loading.Load<DecoderModel>("a decoder-only model, which chats are for", parsed, terminal, interruption.Token);
            TextTokenizer tokenizer = loading.TokenizerOf(model, parsed);
            using var session = new ChatSession(model, tokenizer, chat, parsed.GetValue(system));
            Talk(session, sampling.WithModelsOwn(parsed, options, model.Description.Generation), terminal, interruption);
            return ExitCodes.Success;
        });
        return command;
    }

    // Before the model, as it is missing more often and found faster.
    private static ChatTemplate Template(string? file, ParseResult parsed, ModelLoading loading)
    {
        if (file is not null && !File.Exists(file))
            throw new InvalidInputException(file, null, "no such file", "a chat template", "Check the path.");
        string place = parsed.GetValue(loading.Tokenizer) ?? SpecFile.Open(parsed.GetRequiredValue(loading.Model)).Folder;
        string folder = File.Exists(place) ? Path.GetDirectoryName(Path.GetFullPath(place))! : place;
        return ChatTemplate.Load(folder, file is null ? null : Path.GetFullPath(file));
    }

    private static void Talk(ChatSession session, GenerationOptions options, Terminal terminal, Interruption interruption)
    {
        using var lines = new ChatLines(terminal);
        int turn = 0;
        while (lines.Next(interruption.Token) is { } line)
        {
            switch (line)
            {
                case "":
                    break;
                case QuitCommand:
                    return;
                case ResetCommand:
                    session.Reset();
                    turn = 0;
                    break;
                default:
                    // Each turn draws numbers of its own, yet the same seed tells the same chat.
                    Answer(session, line, options with { Sampling = options.Sampling! with { Seed = unchecked(options.Sampling.Seed + turn++) } }, terminal, interruption);
                    break;
            }
        }
    }

    private static void Answer(ChatSession session, string line, GenerationOptions options, Terminal terminal, Interruption interruption)
    {
        using var answering = new CancellationTokenSource();
        using (interruption.EndsOnly(answering))
        {
            try
            {
                foreach (string piece in session.Say(line, options, answering.Token))
                    terminal.Write(piece);
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C: what was said so far stands, and the next turn is the person's.
            }
            catch (InvalidInputException exception) when (!Console.IsInputRedirected)
            {
                terminal.Fail($"{exception.Message} {ResetCommand} begins anew.");
                return;
            }
        }
        terminal.Write("\n");
        terminal.Explain(RunRequest.Summary(options));
        interruption.Token.ThrowIfCancellationRequested();
    }
}
