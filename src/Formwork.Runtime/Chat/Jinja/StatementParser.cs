namespace Formwork.Runtime.Chat.Jinja;

/// <summary>Reads a whole template.</summary>
internal sealed class StatementParser
{
    private const int Deepest = 100;

    private readonly JinjaReader _reader;
    private readonly ExpressionParser _expressions;
    private int _depth, _loops;

    private StatementParser(IReadOnlyList<JinjaToken> tokens)
    {
        _reader = new JinjaReader(tokens);
        _expressions = new ExpressionParser(_reader);
    }

    /// <summary>The template's statements.</summary>
    /// <exception cref="JinjaException">The text is no template, or uses what is not supported.</exception>
    public static Statement Parse(string text)
    {
        var parser = new StatementParser(JinjaLexer.Read(text));
        Statement all = parser.ReadUntil();
        return parser._reader.Current.Kind == JinjaTokenKind.End ? all : throw parser._reader.Wrong("no end of what was not begun");
    }

    /// <summary>Statements up to a block that begins with one of the words, of which the word is next; or up to the template's end.</summary>
    private Statement ReadUntil(params string[] ends)
    {
        if (++_depth > Deepest)
            throw new JinjaException(_reader.Current.Position, $"more than {Deepest} blocks within each other", "fewer");
        var statements = new List<Statement>();
        while (_reader.Current.Kind != JinjaTokenKind.End && !(_reader.Current.Kind == JinjaTokenKind.BlockBegin && IsEnd(_reader.Following.Text, ends)))
            statements.Add(ReadOne());
        if (ends.Length > 0)
        {
            if (_reader.Current.Kind == JinjaTokenKind.End)
                throw _reader.Wrong(string.Join(" or ", ends.Select(end => $"'{{% {end} %}}'")));
            _reader.Take();
            if (!ends.Contains(_reader.Current.Text))
                throw _reader.Wrong(string.Join(" or ", ends.Select(end => $"'{end}'")));
        }
        _depth--;
        return statements.Count == 1 ? statements[0] : new Statement.Block(statements);
    }

    private static bool IsEnd(string word, string[] ends) => ends.Contains(word) || word.StartsWith("end", StringComparison.Ordinal) || word is "else" or "elif";

    private Statement ReadOne()
    {
        JinjaToken token = _reader.Take();
        switch (token.Kind)
        {
            case JinjaTokenKind.Text:
                return new Statement.Text(token);
            case JinjaTokenKind.OutputBegin:
                Expression value = _expressions.ReadTuple();
                _reader.Require(JinjaTokenKind.OutputEnd, "'}}'");
                return new Statement.Output(value);
            default:
                return ReadBlock();
        }
    }

    private Statement ReadBlock()
    {
        JinjaToken word = _reader.Require(JinjaTokenKind.Name, "a statement");
        switch (word.Text)
        {
            case "if": return ReadIf();
            case "for": return ReadFor();
            case "set": return ReadSet();
            case "macro": return ReadMacro();
            case "filter":
                List<Expression.Filter> filters = _expressions.ReadFilters();
                return new Statement.Filtered(filters, ReadBody("endfilter"), word.Position);
            // Marks the assistant's text for training; what it writes is the same.
            case "generation": return ReadBody("endgeneration");
            case "break" or "continue":
                if (_loops == 0)
                    throw new JinjaException(word.Position, $"'{word.Text}' outside a loop", "a loop around it");
                EndBlock();
                return new Statement.Leave(word.Text == "break" ? Statement.Outcome.Break : Statement.Outcome.Continue);
            default:
                throw new JinjaException(word.Position, $"the statement '{word.Text}'", "if, for, set, macro, filter, break, continue, generation or raw");
        }
    }

    private void EndBlock() => _reader.Require(JinjaTokenKind.BlockEnd, "'%}'");

    private Statement ReadBody(string end)
    {
        EndBlock();
        Statement body = ReadUntil(end);
        _reader.Take();
        EndBlock();
        return body;
    }

    private Statement ReadIf()
    {
        Expression condition = _expressions.ReadTuple();
        EndBlock();
        Statement then = ReadUntil("elif", "else", "endif");
        Statement? otherwise = null;
        JinjaToken word = _reader.Take();
        if (word.Text == "elif")
        {
            if (++_depth > Deepest)
                throw new JinjaException(word.Position, $"more than {Deepest} cases", "fewer");
            otherwise = ReadIf();
            _depth--;
            return new Statement.If(condition, then, otherwise);
        }
        if (word.Text == "else")
            otherwise = ReadBody("endif");
        else
            EndBlock();
        return new Statement.If(condition, then, otherwise);
    }

    private Statement ReadFor()
    {
        Expression target = _expressions.ReadTarget();
        _reader.Require("in");
        // A condition after the items is the loop's, so a conditional expression must stand in brackets.
        Expression items = _expressions.ReadTupleWithoutCondition();
        Expression? condition = _reader.TryTake("if") ? _expressions.Read() : null;
        if (_reader.Current.Is("recursive"))
            throw _reader.Wrong("a loop that is not recursive");
        EndBlock();
        _loops++;
        Statement body = ReadUntil("else", "endfor");
        _loops--;
        Statement? otherwise = null;
        if (_reader.Take().Text == "else")
            otherwise = ReadBody("endfor");
        else
            EndBlock();
        return new Statement.For(target, items, condition, body, otherwise);
    }

    private Statement ReadSet()
    {
        Expression target = _expressions.ReadTarget();
        if (_reader.TryTake("="))
        {
            Expression value = _expressions.ReadTuple();
            EndBlock();
            return new Statement.Set(target, value);
        }
        List<Expression.Filter> filters = _reader.TryTake("|") ? _expressions.ReadFilters() : [];
        return new Statement.SetBlock(target, filters, ReadBody("endset"));
    }

    private Statement ReadMacro()
    {
        JinjaToken name = _reader.Require(JinjaTokenKind.Name, "the macro's name");
        var parameters = new List<(string, Expression?)>();
        _reader.Require("(");
        while (!_reader.TryTake(")"))
        {
            if (parameters.Count > 0)
                _reader.Require(",");
            string parameter = _reader.Require(JinjaTokenKind.Name, "a parameter's name").Text;
            parameters.Add((parameter, _reader.TryTake("=") ? _expressions.Read() : null));
        }
        int loops = _loops;
        _loops = 0;
        Statement body = ReadBody("endmacro");
        _loops = loops;
        return new Statement.Macro(new Expression.Variable(name.Position, name.Text), parameters, body);
    }
}
