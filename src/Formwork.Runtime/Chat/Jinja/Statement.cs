namespace Formwork.Runtime.Chat.Jinja;

/// <summary>A part of a template that writes or sets something.</summary>
internal abstract partial class Statement
{
    /// <summary>How a statement ended: whether the loop around it goes on, and whether the rest of its round is left out.</summary>
    public enum Outcome
    {
        /// <summary>As any.</summary>
        Done,

        /// <summary>The loop ends.</summary>
        Break,

        /// <summary>The loop's round ends.</summary>
        Continue,
    }

    public abstract Outcome Execute(JinjaScope scope);

    /// <summary>Text of the template.</summary>
    public sealed class Text(JinjaToken token) : Statement
    {
        private readonly JinjaText _text = JinjaText.Of(token.Text);

        public override Outcome Execute(JinjaScope scope)
        {
            scope.Run.Write(_text, token.Position);
            return Outcome.Done;
        }
    }

    /// <summary><c>{{ value }}</c></summary>
    public sealed class Output(Expression value) : Statement
    {
        public override Outcome Execute(JinjaScope scope)
        {
            scope.Run.Write(JinjaValues.Text(value.Evaluate(scope)), value.Position);
            return Outcome.Done;
        }
    }

    /// <summary>Statements one after the other.</summary>
    public sealed class Block(IReadOnlyList<Statement> statements) : Statement
    {
        public override Outcome Execute(JinjaScope scope)
        {
            foreach (Statement statement in statements)
            {
                if (statement.Execute(scope) is not Outcome.Done and var outcome)
                    return outcome;
            }
            return Outcome.Done;
        }
    }

    /// <summary><c>{% break %}</c>, <c>{% continue %}</c></summary>
    public sealed class Leave(Outcome outcome) : Statement
    {
        public override Outcome Execute(JinjaScope scope) => outcome;
    }

    /// <summary><c>{% if %}</c></summary>
    public sealed class If(Expression condition, Statement then, Statement? otherwise) : Statement
    {
        public override Outcome Execute(JinjaScope scope) =>
            (JinjaValues.IsTrue(condition.Evaluate(scope)) ? then : otherwise)?.Execute(scope) ?? Outcome.Done;
    }

    /// <summary><c>{% filter name %}</c>: what the body writes goes through filters.</summary>
    public sealed class Filtered(IReadOnlyList<Expression.Filter> filters, Statement body, int position) : Statement
    {
        public override Outcome Execute(JinjaScope scope)
        {
            object? text = scope.Run.Captured(() => body.Execute(new JinjaScope(scope.Run, scope)), position);
            scope.Run.Write(JinjaValues.Text(filters.Aggregate<Expression.Filter, object?>(text, (value, filter) => filter.Apply(value, scope))), position);
            return Outcome.Done;
        }
    }
}
