using System.Text;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace Formwork.Cli.Output;

/// <summary>
/// The two streams, each with its purpose: standard output carries what was asked for (a story, a listing) and nothing else, standard error
/// everything that is said about it.
/// </summary>
internal sealed class Terminal
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly Lazy<Stream> _output = new(OpenOutput);
    private readonly Lazy<IAnsiConsole> _messages = new(() => Styled(Console.Error, Console.IsErrorRedirected));
    private readonly Lazy<IAnsiConsole> _tables = new(() => Styled(Console.Out, Console.IsOutputRedirected));

    /// <summary>Whether <see cref="Say"/> is silenced.</summary>
    public bool Quiet { get; set; }

    /// <summary>Whether <see cref="Explain"/> speaks.</summary>
    public bool Verbose { get; set; }

    /// <summary>Standard error, with colours where a person reads it. Made when first used, as most runs need none of it.</summary>
    public IAnsiConsole Messages => _messages.Value;

    /// <summary>Standard output for tables, plain where it is redirected.</summary>
    public IAnsiConsole Tables => _tables.Value;

    /// <summary>Writes text to standard output and lets it be seen at once.</summary>
    /// <exception cref="OutputClosedException">Nobody reads any more.</exception>
    public void Write(string text)
    {
        if (text.Length == 0)
            return;
        try
        {
            _output.Value.Write(Utf8.GetBytes(text));
            _output.Value.Flush();
        }
        catch (IOException exception)
        {
            throw new OutputClosedException(exception);
        }
    }

    /// <summary>A line about the work, on standard error.</summary>
    public void Say(string line)
    {
        if (!Quiet)
            Console.Error.WriteLine(line);
    }

    /// <summary>A line about the inner workings, on standard error, for those who asked.</summary>
    public void Explain(string line)
    {
        if (Verbose)
            Console.Error.WriteLine(line);
    }

    /// <summary>Does something that takes a while, and says so while it lasts where a person watches.</summary>
    public T During<T>(string what, Func<T> work) =>
        Quiet || Console.IsErrorRedirected ? work() : Messages.Status().Start(what + " …", _ => work());

    /// <summary>An error, on standard error.</summary>
    public void Fail(string message)
    {
        if (Console.IsErrorRedirected)
            Console.Error.WriteLine($"formwork: error: {message}");
        else
            Messages.Write(new Paragraph("formwork: ").Append("error: ", new Style(Color.Red)).Append(message + "\n"));
    }

    // Console's stream takes a broken pipe for success, and a story would be told to nobody; a FileStream reports it. For a file it is the
    // other way round: a FileStream writes at an offset of its own and leaves the shared one where it was, so what follows would overwrite.
    private static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return Console.OpenStandardOutput();
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }

    private static IAnsiConsole Styled(TextWriter writer, bool redirected)
    {
        bool plain = redirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        // A line that names a place in a file must stay one line for the tools that read it.
        if (redirected)
            console.Profile.Width = 4096;
        return console;
    }
}
