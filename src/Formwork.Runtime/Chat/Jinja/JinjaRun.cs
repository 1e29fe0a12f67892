namespace Formwork.Runtime.Chat.Jinja;

/// <summary>One rendering of a template: what is written, and how far it may go, since a template is a program from a file.</summary>
internal sealed class JinjaRun
{
    private const int MostSteps = 2_000_000, MostCharacters = 1 << 26, DeepestCall = 64;

    private List<JinjaText> _parts = [];
    private int _steps, _characters, _depth;

    public void Write(JinjaText text, int position)
    {
        if (text.Value.Length == 0)
            return;
        _parts.Add(text);
        _characters += text.Value.Length;
        if (_characters > MostCharacters)
            throw new JinjaException(position, $"more than {MostCharacters} characters written", "a chat of a sensible length");
    }

    /// <summary>Counts a step.</summary>
    public void Step(int position)
    {
        if (++_steps > MostSteps)
            throw new JinjaException(position, $"more than {MostSteps} steps", "a template that comes to an end");
    }

    /// <summary>What a part of a template writes, kept apart from the rest.</summary>
    public JinjaText Captured(Action action, int position)
    {
        if (++_depth > DeepestCall)
            throw new JinjaException(position, $"more than {DeepestCall} calls within calls", "macros that come to an end");
        List<JinjaText> outer = _parts;
        _parts = [];
        try
        {
            action();
            return JinjaText.Join(_parts);
        }
        finally
        {
            _parts = outer;
            _depth--;
        }
    }
}
