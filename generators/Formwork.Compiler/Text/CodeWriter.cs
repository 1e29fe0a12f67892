using System.Text;

namespace Formwork.Compiler.Text;

/// <summary>Appends lines of code at an indentation. Lines end with <c>\n</c> on every system; empty lines carry no spaces.</summary>
public sealed class CodeWriter
{
    private const int IndentWidth = 4;
    private readonly StringBuilder _text = new();
    private int _indent;

    /// <summary>Appends the lines of <paramref name="text"/>, each at the present indentation.</summary>
    public void Lines(string text)
    {
        int start = 0;
        while (start <= text.Length)
        {
            int end = text.IndexOf('\n', start);
            if (end < 0)
                end = text.Length;
            if (end > start)
                _text.Append(' ', _indent * IndentWidth).Append(text, start, end - start);
            _text.Append('\n');
            start = end + 1;
        }
    }

    /// <summary>Appends an empty line.</summary>
    public void Line() => _text.Append('\n');

    /// <summary>Appends a header and an opening brace; disposing the result closes it.</summary>
    public IDisposable Block(string header, string closing = "}")
    {
        Lines(header);
        Lines("{");
        _indent++;
        return new Closing(this, closing);
    }

    public override string ToString() => _text.ToString();

    private sealed class Closing(CodeWriter writer, string closing) : IDisposable
    {
        public void Dispose()
        {
            writer._indent--;
            writer.Lines(closing);
        }
    }
}
