using System.Diagnostics;
using System.Text;
using Xunit;

namespace Formwork.Cli.Tests;

public sealed class ChatTests(StoriesTool stories) : IClassFixture<StoriesTool>
{
    private const string Template = """
        {{ '<s>' }}{% for message in messages %}{{ message.role + ': ' + message.content + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant:' }}{% endif %}
        """;

    private readonly Tool _tool = stories.Tool;

    private string[] Arguments(params string[] more) => ["chat", Models.Stories, "--template", _tool.Write("plain.jinja", Template), "-t", "0", "-n", "12", .. more];

    [Fact]
    public void EachLineIsATurnAndEachAnswerALine()
    {
        ToolResult result = _tool.RunWithInput("Once upon a time\n\nWhat then?\n", Arguments());
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string[] answers = Answers(result);
        Assert.Equal(2, answers.Length);
        Assert.All(answers, Assert.NotEmpty);
        Assert.Equal(answers[0], Answers(_tool.RunWithInput("Once upon a time", Arguments()))[0]);
    }

    // Answers of the storyteller may have line ends of their own; none has this with so few tokens.
    private static string[] Answers(ToolResult result) => result.Output.Split('\n')[..^1];

    [Fact]
    public void OnlyWhatIsNewGoesThroughTheModel()
    {
        ToolResult both = _tool.RunWithInput("Once upon a time\nWhat then?\n", Arguments("-v"));
        int[] read = [.. both.Error.Split('\n').Where(line => line.Contains("prompt tokens")).Select(line => int.Parse(line.Split(' ')[1]))];
        Assert.Equal(2, read.Length);
        // The second turn has the first and its answer before it, and yet is shorter.
        Assert.InRange(read[1], 1, read[0] + 12);
        Assert.InRange(read[0], 15, 60);
    }

    [Fact]
    public void ResetForgetsAndQuitEnds()
    {
        ToolResult result = _tool.RunWithInput("Once upon a time\nMore\n/reset\nOnce upon a time\n/quit\nMore\n", Arguments("--system", "Tell stories."));
        string[] answers = Answers(result);
        Assert.Equal(3, answers.Length);
        Assert.Equal(answers[0], answers[2]);
        Assert.NotEqual(answers[0], Answers(_tool.RunWithInput("Once upon a time\n", Arguments("--system", "Say nothing but the number five.")))[0]);
    }

    [Fact]
    public void SameSeedSameChat()
    {
        string[] arguments = ["chat", Models.Stories, "--template", _tool.Write("plain.jinja", Template), "-t", "1", "-n", "20", "--seed", "5"];
        string first = _tool.RunWithInput("Once\nAnd?\n", arguments).Output;
        Assert.Equal(first, _tool.RunWithInput("Once\nAnd?\n", arguments).Output);
    }

    [Fact]
    public void WithoutATemplateItIsToldWhereOneIsLookedFor()
    {
        ToolResult result = _tool.RunWithInput("Hello\n", "chat", Models.Stories);
        ToolAssert.InvalidInput(result, "found no chat template; expected chat_template.jinja, or chat_template in chat_template.json or tokenizer_config.json");
        Assert.Contains("stories260k", result.Error);
    }

    [Theory]
    [InlineData("{{ 'a'\n b }}", "line 2, column 2: found 'b'; expected '}}'")]
    [InlineData("{{ raise_exception('only stories') }}", "The template says: only stories")]
    public void ATemplatesFaultIsToldWithItsPlace(string template, string named) =>
        ToolAssert.InvalidInput(_tool.RunWithInput("Hello\n", "chat", Models.Stories, "--template", _tool.Write("broken.jinja", template)), named);

    [Fact]
    public void AMissingTemplateFileIsNamed() => ToolAssert.InvalidInput(_tool.RunWithInput("Hello\n", "chat", Models.Stories, "--template", "nowhere.jinja"), "nowhere.jinja");

    [Fact]
    public void AChatLongerThanTheContextIsRefused() =>
        ToolAssert.InvalidInput(_tool.RunWithInput(string.Join(' ', Enumerable.Repeat("Lily", 600)) + "\n", Arguments()), "512");

    [Fact]
    public void LinesMustBeUtf8()
    {
        using Process process = _tool.Start(Arguments());
        process.StandardInput.BaseStream.Write([(byte)'a', 0xFF, (byte)'\n']);
        process.StandardInput.Close();
        ToolAssert.InvalidInput(Tool.End(process), "UTF-8");
    }

    [SignalTheory]
    [InlineData("INT", 0)]
    [InlineData("TERM", 143)]
    public void CtrlCEndsTheAnswerAndTermTheChat(string signal, int exitCode)
    {
        using Process process = _tool.Start("chat", EndlessModel(), "--template", _tool.Write("plain.jinja", Template), "--random-weights", "1", "-n", "100000", "-v");
        process.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes("Hello\n"));
        process.StandardInput.BaseStream.Flush();
        process.StandardOutput.BaseStream.ReadExactly(new byte[20]);
        using (Process kill = Process.Start("kill", ["-" + signal, $"{process.Id}"]))
            kill.WaitForExit();
        process.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes("/quit\n"));
        process.StandardInput.Close();
        ToolResult result = Tool.End(process);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.EndsWith("\n", result.Output);
        Assert.Contains("interrupted", result.Error);
    }

    private string EndlessModel()
    {
        File.Copy(Path.Combine(Models.Stories, "tok512.bin"), Path.Combine(_tool.Home, "tok512.bin"), overwrite: true);
        return _tool.Write("endless.model.yaml", Models.Endless);
    }
}
