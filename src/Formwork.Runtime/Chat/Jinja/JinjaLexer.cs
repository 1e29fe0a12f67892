namespace Formwork.Runtime.Chat.Jinja;

/// <summary>
/// Cuts a template into text and tags, white space as transformers sets Jinja up: the line end after a block goes (<c>trim_blocks</c>), and the
/// blanks before one that begins its line (<c>lstrip_blocks</c>); a minus in a tag takes all white space on its side, a plus keeps it. One line end
/// at the template's end goes too.
/// </summary>
internal sealed class JinjaLexer
{
    private readonly string _text;
    private readonly List<JinjaToken> _tokens = [];
    private int _at;
    private bool _lineStarts = true;

    private JinjaLexer(string text) => _text = text;

    /// <summary>All pieces, the last of kind <see cref="JinjaTokenKind.End"/>.</summary>
    /// <param name="text">The template with line feeds alone for line ends.</param>
    /// <exception cref="JinjaException">A tag, comment or text is not ended, or has a character that means nothing.</exception>
    public static IReadOnlyList<JinjaToken> Read(string text) => new JinjaLexer(text.EndsWith('\n') ? text[..^1] : text).Run();

    private List<JinjaToken> Run()
    {
        while (_at < _text.Length)
        {
            int tag = NextTag();
            AddText(_at, tag);
            _at = tag;
            if (tag == _text.Length)
                break;
            switch (_text[tag + 1])
            {
                case '#': SkipComment(); break;
                case '{': ReadTag(JinjaTokenKind.OutputBegin, JinjaTokenKind.OutputEnd, "}}"); break;
                default: ReadBlock(); break;
            }
        }
        _tokens.Add(new JinjaToken(JinjaTokenKind.End, "", _text.Length));
        return _tokens;
    }

    private int NextTag()
    {
        for (int at = _at; (at = _text.IndexOf('{', at)) >= 0 && at + 1 < _text.Length; at++)
        {
            if (_text[at + 1] is '{' or '%' or '#')
                return at;
        }
        return _text.Length;
    }

    private void AddText(int begin, int end)
    {
        string text = _text[begin..end];
        char sign = end + 2 < _text.Length ? _text[end + 2] : '\0';
        if (sign == '-')
        {
            text = text.TrimEnd();
        }
        else if (sign != '+' && end < _text.Length && _text[end + 1] != '{')
        {
            int line = text.LastIndexOf('\n') + 1;
            if ((line > 0 || _lineStarts) && text.AsSpan(line).Trim(" \t").IsEmpty)
                text = text[..line];
        }
        if (text.Length > 0)
            _tokens.Add(new JinjaToken(JinjaTokenKind.Text, text, begin));
    }

    private void SkipComment()
    {
        int end = _text.IndexOf("#}", _at + 2, StringComparison.Ordinal);
        if (end < 0)
            throw new JinjaException(_at, "a comment without end", "'#}'");
        EndTag(end, trims: true);
    }

    /// <summary>Goes on after a tag's end, whose two signs stand at <paramref name="end"/>, and over the white space that it takes.</summary>
    private void EndTag(int end, bool trims)
    {
        char sign = _text[end - 1];
        int after = end + 2;
        if (sign == '-')
        {
            while (after < _text.Length && char.IsWhiteSpace(_text[after]))
                after++;
        }
        else if (trims && sign != '+' && after < _text.Length && _text[after] == '\n')
        {
            after++;
        }
        _lineStarts = _text[after - 1] == '\n';
        _at = after;
    }

    private void ReadBlock()
    {
        int before = _tokens.Count;
        ReadTag(JinjaTokenKind.BlockBegin, JinjaTokenKind.BlockEnd, "%}");
        if (_tokens.Count != before + 3 || !_tokens[before + 1].Is("raw"))
            return;
        int begin = _at, open = _tokens[before].Position;
        _tokens.RemoveRange(before, 3);
        for (int at = begin; (at = _text.IndexOf("{%", at, StringComparison.Ordinal)) >= 0; at++)
        {
            int close = at + 2 > _text.Length ? -1 : _text.IndexOf("%}", at + 2, StringComparison.Ordinal);
            if (close < 0 || _text[(at + 2)..close].Trim('-', '+', ' ', '\t', '\n') != "endraw")
                continue;
            AddText(begin, at);
            EndTag(close, trims: true);
            return;
        }
        throw new JinjaException(open, "'raw' without end", "'{% endraw %}'");
    }

    private void ReadTag(JinjaTokenKind opening, JinjaTokenKind closing, string end)
    {
        int begin = _at;
        var open = new Stack<string>();
        _tokens.Add(new JinjaToken(opening, _text.Substring(begin, 2), begin));
        _at += 2;
        if (_at < _text.Length && _text[_at] is '-' or '+' && !(opening == JinjaTokenKind.OutputBegin && _text[_at] == '+'))
            _at++;
        while (true)
        {
            while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
                _at++;
            if (_at == _text.Length)
                throw new JinjaException(begin, "a tag without end", $"'{end}'");
            int close = _text[_at] is '-' or '+' ? _at + 1 : _at;
            if (open.Count == 0 && string.CompareOrdinal(_text, close, end, 0, 2) == 0)
            {
                _tokens.Add(new JinjaToken(closing, end, close));
                EndTag(close, trims: closing == JinjaTokenKind.BlockEnd);
                return;
            }
            JinjaToken word = JinjaWords.Read(_text, ref _at);
            if (word.Kind == JinjaTokenKind.Operator)
                Balance(word, open);
            _tokens.Add(word);
        }
    }

    /// <summary>Keeps the closing brackets that are still to come; inside brackets, the signs of a tag's end are none.</summary>
    private static void Balance(JinjaToken word, Stack<string> open)
    {
        if (word.Text is "(" or "[" or "{")
            open.Push(word.Text switch { "(" => ")", "[" => "]", _ => "}" });
        else if (word.Text is ")" or "]" or "}" && (!open.TryPop(out string? expected) || expected != word.Text))
            throw new JinjaException(word.Position, word.Found, expected is null ? "an opening bracket before" : $"'{expected}'");
    }
}
