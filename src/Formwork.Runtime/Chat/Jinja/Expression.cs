namespace Formwork.Runtime.Chat.Jinja;

/// <summary>A part of a template that has a value.</summary>
/// <param name="position">Where it stands in the template, for messages.</param>
internal abstract partial class Expression(int position)
{
    public int Position => position;

    /// <summary>The value with the variables of a scope.</summary>
    /// <exception cref="JinjaException">There is none.</exception>
    public abstract object? Evaluate(JinjaScope scope);

    protected JinjaException Wrong(string found, string expected) => new(position, found, expected);

    /// <summary>A value written in the template.</summary>
    public sealed class Literal(int position, object? value) : Expression(position)
    {
        public override object? Evaluate(JinjaScope scope) => value;
    }

    /// <summary>A variable.</summary>
    public sealed class Variable(int position, string name) : Expression(position)
    {
        public string Name => name;

        public override object? Evaluate(JinjaScope scope) => scope.Get(name);
    }

    /// <summary>A list or tuple.</summary>
    public sealed class ListOf(int position, IReadOnlyList<Expression> items) : Expression(position)
    {
        public IReadOnlyList<Expression> Items => items;

        public override object? Evaluate(JinjaScope scope) => items.Select(item => item.Evaluate(scope)).ToList();
    }

    /// <summary>A dictionary.</summary>
    public sealed class DictionaryOf(int position, IReadOnlyList<(Expression Name, Expression Value)> members) : Expression(position)
    {
        public override object? Evaluate(JinjaScope scope)
        {
            var dictionary = new JinjaDictionary();
            foreach ((Expression name, Expression value) in members)
                dictionary.Set(JinjaValues.Text(name.Evaluate(scope)), value.Evaluate(scope));
            return dictionary;
        }
    }

    /// <summary><c>a if b else c</c>; without else, undefined.</summary>
    public sealed class Conditional(int position, Expression condition, Expression then, Expression? otherwise) : Expression(position)
    {
        public override object? Evaluate(JinjaScope scope) => JinjaValues.IsTrue(condition.Evaluate(scope))
            ? then.Evaluate(scope)
            : otherwise is null ? new Undefined("the missing else") : otherwise.Evaluate(scope);
    }
}
