using System.Globalization;

namespace Formwork.Runtime.Chat.Jinja;

/// <summary>
/// Reads expressions, loosest first: conditional, or, and, not, comparison, + −, ~, * / // %, sign, **; filters and tests bind to what stands right
/// before them.
/// </summary>
internal sealed class ExpressionParser(JinjaReader reader)
{
    private const int Deepest = 100;

    private static readonly HashSet<string> AfterTest = ["else", "or", "and", "is", "if", "not", "in"];

    private int _depth;

    public Expression Read()
    {
        if (++_depth > Deepest)
            throw new JinjaException(reader.Current.Position, $"more than {Deepest} expressions within each other", "a simpler one");
        Expression value = ReadOr();
        while (reader.Current.Is("if"))
        {
            int position = reader.Take().Position;
            Expression condition = ReadOr();
            value = new Expression.Conditional(position, condition, value, reader.TryTake("else") ? Read() : null);
        }
        _depth--;
        return value;
    }

    /// <summary>An expression, or several with commas between, which are a tuple.</summary>
    public Expression ReadTuple()
    {
        int position = reader.Current.Position;
        Expression first = Read();
        if (!reader.Current.Is(","))
            return first;
        var items = new List<Expression> { first };
        while (reader.TryTake(",") && !IsEnd())
            items.Add(Read());
        return new Expression.ListOf(position, items);
    }

    /// <summary>As <see cref="ReadTuple"/>, but that an <c>if</c> ends it.</summary>
    public Expression ReadTupleWithoutCondition()
    {
        int position = reader.Current.Position;
        var items = new List<Expression> { ReadOr() };
        while (reader.TryTake(","))
            items.Add(ReadOr());
        return items.Count == 1 ? items[0] : new Expression.ListOf(position, items);
    }

    /// <summary>What a loop or set gives a value to: a name, several, or (for set) a member.</summary>
    public Expression ReadTarget()
    {
        int position = reader.Current.Position;
        var targets = new List<Expression>();
        bool tuple = false;
        do
        {
            targets.Add(ReadOneTarget());
        }
        while (reader.TryTake(",") && (tuple = true) && !reader.Current.Is("in") && !reader.Current.Is("="));
        return tuple ? new Expression.ListOf(position, targets) : targets[0];
    }

    private Expression ReadOneTarget()
    {
        if (reader.TryTake("("))
        {
            if (++_depth > Deepest)
                throw reader.Wrong("fewer brackets");
            Expression inner = ReadTarget();
            reader.Require(")");
            _depth--;
            return inner;
        }
        JinjaToken name = reader.Require(JinjaTokenKind.Name, "a name");
        Expression target = new Expression.Variable(name.Position, name.Text);
        return reader.TryTake(".") ? new Expression.Member(name.Position, target, reader.Require(JinjaTokenKind.Name, "a name").Text) : target;
    }

    /// <summary>The filters after a name or <c>|</c>, each bound to the one before when applied.</summary>
    public List<Expression.Filter> ReadFilters()
    {
        var filters = new List<Expression.Filter>();
        do
        {
            filters.Add(ReadFilter(null));
        }
        while (reader.TryTake("|"));
        return filters;
    }

    private Expression ReadOr() => ReadLogical("or", () => ReadLogical("and", ReadNot));

    private Expression ReadLogical(string word, Func<Expression> operand)
    {
        Expression left = operand();
        while (reader.Current.Is(word))
            left = new Expression.Logical(reader.Take().Position, word == "and", left, operand());
        return left;
    }

    private Expression ReadNot()
    {
        var positions = new Stack<int>();
        while (reader.Current.Is("not"))
            positions.Push(reader.Take().Position);
        return positions.Aggregate(ReadComparison(), (value, position) => new Expression.Not(position, value));
    }

    private Expression ReadComparison()
    {
        Expression first = ReadSum();
        int position = reader.Current.Position;
        var rest = new List<(string, Expression)>();
        while (true)
        {
            if (reader.Current.Is("not") && reader.Following.Is("in"))
            {
                reader.Take();
                reader.Take();
                rest.Add(("not in", ReadSum()));
            }
            else if (reader.Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=" or "in" && reader.Current.Is(reader.Current.Text))
            {
                rest.Add((reader.Take().Text, ReadSum()));
            }
            else
            {
                return rest.Count == 0 ? first : new Expression.Comparison(position, first, rest);
            }
        }
    }

    private Expression ReadSum() => ReadArithmetic(["+", "-"], ReadConcatenation);

    private Expression ReadConcatenation()
    {
        Expression left = ReadProduct();
        while (reader.Current.Is("~"))
            left = new Expression.Concatenation(reader.Take().Position, left, ReadProduct());
        return left;
    }

    private Expression ReadProduct() => ReadArithmetic(["*", "/", "//", "%"], ReadPower);

    private Expression ReadPower() => ReadArithmetic(["**"], () => ReadSigned(withFilters: true));

    private Expression ReadArithmetic(string[] signs, Func<Expression> operand)
    {
        Expression left = operand();
        while (reader.Current.Kind == JinjaTokenKind.Operator && signs.Contains(reader.Current.Text))
        {
            JinjaToken sign = reader.Take();
            left = new Expression.Arithmetic(sign.Position, sign.Text, left, operand());
        }
        return left;
    }

    private Expression ReadSigned(bool withFilters)
    {
        Expression value;
        if (reader.Current.Is("-") || reader.Current.Is("+"))
        {
            JinjaToken sign = reader.Take();
            if (++_depth > Deepest)
                throw reader.Wrong("fewer signs");
            value = new Expression.Signed(sign.Position, sign.Text == "-", ReadSigned(withFilters: false));
            _depth--;
        }
        else
        {
            value = ReadAccess(ReadPrimary());
        }
        return withFilters ? ReadFiltersAndTests(value) : value;
    }

    private Expression ReadAccess(Expression value)
    {
        while (true)
        {
            int position = reader.Current.Position;
            if (reader.TryTake("."))
            {
                JinjaToken name = reader.Current.Kind is JinjaTokenKind.Name or JinjaTokenKind.Integer ? reader.Take() : throw reader.Wrong("a member's name");
                value = name.Kind == JinjaTokenKind.Name ? new Expression.Member(position, value, name.Text) : new Expression.Item(position, value, Number(name));
            }
            else if (reader.TryTake("["))
            {
                value = ReadSubscript(value, position);
            }
            else if (reader.Current.Is("("))
            {
                value = new Expression.Call(position, value, ReadArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ReadSubscript(Expression owner, int position)
    {
        Expression? from = reader.Current.Is(":") ? null : Read(), to = null, step = null;
        bool slice = reader.TryTake(":");
        if (slice)
        {
            to = reader.Current.Is(":") || reader.Current.Is("]") ? null : Read();
            if (reader.TryTake(":"))
                step = reader.Current.Is("]") ? null : Read();
        }
        reader.Require("]");
        return slice ? new Expression.Slice(position, owner, from, to, step) : new Expression.Item(position, owner, from!);
    }

    private Expression ReadFiltersAndTests(Expression value)
    {
        while (true)
        {
            if (reader.TryTake("|"))
                value = ReadAccess(ReadFilter(value));
            else if (reader.Current.Is("is"))
                value = ReadTest(value);
            else if (reader.Current.Is("("))
                value = new Expression.Call(reader.Current.Position, value, ReadArguments());
            else
                return value;
        }
    }

    private Expression.Filter ReadFilter(Expression? value)
    {
        JinjaToken name = reader.Require(JinjaTokenKind.Name, "a filter's name");
        return new Expression.Filter(name.Position, value, name.Text, reader.Current.Is("(") ? ReadArguments() : ArgumentList.None);
    }

    private Expression ReadTest(Expression value)
    {
        reader.Require("is");
        bool negated = reader.TryTake("not");
        JinjaToken name = reader.Require(JinjaTokenKind.Name, "a test's name");
        ArgumentList arguments = ArgumentList.None;
        if (reader.Current.Is("("))
            arguments = ReadArguments();
        else if (reader.Current.Kind is JinjaTokenKind.String or JinjaTokenKind.Integer or JinjaTokenKind.Float
            || (reader.Current.Kind == JinjaTokenKind.Name && !AfterTest.Contains(reader.Current.Text)) || reader.Current.Is("[") || reader.Current.Is("{"))
            arguments = new ArgumentList([ReadAccess(ReadPrimary())], []);
        var test = new Expression.Test(name.Position, value, name.Text, arguments);
        return negated ? new Expression.Not(name.Position, test) : test;
    }

    private ArgumentList ReadArguments()
    {
        var values = new List<Expression>();
        var named = new List<(string, Expression)>();
        reader.Require("(");
        while (!reader.TryTake(")"))
        {
            if (values.Count + named.Count > 0)
            {
                reader.Require(",");
                if (reader.TryTake(")"))
                    break;
            }
            if (reader.Current.Kind == JinjaTokenKind.Name && reader.Following.Is("="))
            {
                string name = reader.Take().Text;
                reader.Take();
                named.Add((name, Read()));
            }
            else if (named.Count > 0)
            {
                throw reader.Wrong("a named argument, as one came before");
            }
            else
            {
                values.Add(Read());
            }
        }
        return new ArgumentList(values, named);
    }

    private Expression ReadPrimary()
    {
        JinjaToken token = reader.Current;
        switch (token.Kind)
        {
            case JinjaTokenKind.Name:
                reader.Take();
                return token.Text switch
                {
                    "true" or "True" => new Expression.Literal(token.Position, true),
                    "false" or "False" => new Expression.Literal(token.Position, false),
                    "none" or "None" => new Expression.Literal(token.Position, null),
                    _ => new Expression.Variable(token.Position, token.Text),
                };
            case JinjaTokenKind.String:
                string text = "";
                while (reader.Current.Kind == JinjaTokenKind.String)
                    text += reader.Take().Text;
                return new Expression.Literal(token.Position, JinjaText.Of(text));
            case JinjaTokenKind.Integer or JinjaTokenKind.Float:
                return Number(reader.Take());
            case JinjaTokenKind.Operator when token.Text is "(" or "[" or "{":
                return ReadBracketed();
            default:
                throw reader.Wrong("a value");
        }
    }

    private static Expression.Literal Number(JinjaToken token) => new(token.Position,
        token.Kind == JinjaTokenKind.Integer ? (object)long.Parse(token.Text, CultureInfo.InvariantCulture) : double.Parse(token.Text, CultureInfo.InvariantCulture));

    private Expression ReadBracketed()
    {
        JinjaToken open = reader.Take();
        string close = open.Text switch { "(" => ")", "[" => "]", _ => "}" };
        if (open.Text == "{")
            return ReadDictionary(open.Position);
        var items = new List<Expression>();
        bool comma = false;
        while (!reader.TryTake(close))
        {
            if (items.Count > 0)
            {
                comma = true;
                reader.Require(",");
                if (reader.TryTake(close))
                    break;
            }
            items.Add(Read());
        }
        return open.Text == "(" && items.Count == 1 && !comma ? items[0] : new Expression.ListOf(open.Position, items);
    }

    private Expression.DictionaryOf ReadDictionary(int position)
    {
        var members = new List<(Expression, Expression)>();
        while (!reader.TryTake("}"))
        {
            if (members.Count > 0)
            {
                reader.Require(",");
                if (reader.TryTake("}"))
                    break;
            }
            Expression name = Read();
            reader.Require(":");
            members.Add((name, Read()));
        }
        return new Expression.DictionaryOf(position, members);
    }

    private bool IsEnd() => reader.Current.Kind is JinjaTokenKind.BlockEnd or JinjaTokenKind.OutputEnd;
}
