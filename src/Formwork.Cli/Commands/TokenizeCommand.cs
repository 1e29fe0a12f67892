using System.CommandLine;
using System.Globalization;
using Formwork.Cli.Compilation;
using Formwork.Cli.Output;
using Formwork.Compiler.Spec;
using Formwork.Runtime;
using Formwork.Runtime.Tokenization;

namespace Formwork.Cli.Commands;

/// <summary><c>formwork tokenize</c>: a text's token ids, each with its piece of the text, or the text of ids.</summary>
internal static class TokenizeCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> model = ModelArguments.Model();
        Argument<string?> text = ModelArguments.Text("The text, or with --decode the ids, apart by spaces or commas.");
        Option<string?> path = ModelArguments.Tokenizer();
        var decode = new Option<bool>("--decode") { Description = "From ids to text." };
        var ids = new Option<bool>("--ids") { Description = "The ids alone, on one line." };
        var command = new Command("tokenize", "Show the tokens of a text: a line each, the id and how the vocabulary writes it.") { model, text, path, decode, ids };
        ModelLoading.Exclude(command, decode, ids);
        command.SetAction(parsed =>
        {
            SpecFile file = SpecFile.Open(parsed.GetRequiredValue(model));
            TextTokenizer tokenizer = Load(file, parsed.GetValue(path), terminal);
            string input = TextInput.Read(parsed.GetValue(text), terminal, cancellation);
            terminal.Write(parsed.GetValue(decode) ? tokenizer.Decode(Ids(input)) + "\n" : Listing(tokenizer, tokenizer.Encode(input), parsed.GetValue(ids)));
            return ExitCodes.Success;
        });
        return command;
    }

    private static TextTokenizer Load(SpecFile file, string? path, Terminal terminal)
    {
        TokenizerSpec spec = file.Read(terminal).Tokenizer;
        var description = new TokenizerDescription(
            Enum.Parse<Runtime.Tokenization.TokenizerKind>(spec.Kind.ToString()), spec.File, spec.MergesFile, spec.BeginToken, [.. spec.EndTokens]);
        return TokenizerLoader.Load(description, path ?? file.Folder) ?? throw new InvalidInputException(
            file.Text.Path, "tokenizer", "none", "one", "Name it in the spec under tokenizer:.");
    }

    private static string Listing(TextTokenizer tokenizer, IReadOnlyList<int> tokens, bool idsOnly) => idsOnly
        ? string.Join(' ', tokens) + "\n"
        : string.Concat(tokens.Select(token => $"{token,7}  {Printable(tokenizer.WrittenForm(token))}\n"));

    // Line ends and other control characters would break the listing.
    private static string Printable(string piece) => string.Concat(piece.Select(character => character switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when char.IsControl(character) => $"\\u{(int)character:X4}",
        _ => character.ToString(),
    }));

    private static IEnumerable<int> Ids(string text)
    {
        foreach (string part in text.Split([' ', ',', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                throw new InvalidInputException("ids", null, $"'{part}'", "whole numbers, 0 or more, apart by spaces or commas", "Correct it.");
            yield return id;
        }
    }
}
