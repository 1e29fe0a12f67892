namespace Formwork.Runtime.Chat.Jinja;

/// <content>Setting variables, and macros.</content>
internal abstract partial class Statement
{
    /// <summary><c>{% set name = value %}</c>; also of several names, and of a namespace's member.</summary>
    public sealed class Set(Expression target, Expression value) : Statement
    {
        public override Outcome Execute(JinjaScope scope)
        {
            scope.Run.Step(target.Position);
            Assign(target, value.Evaluate(scope), scope);
            return Outcome.Done;
        }
    }

    /// <summary><c>{% set name %}…{% endset %}</c>, with filters perhaps.</summary>
    public sealed class SetBlock(Expression target, IReadOnlyList<Expression.Filter> filters, Statement body) : Statement
    {
        public override Outcome Execute(JinjaScope scope)
        {
            object? text = scope.Run.Captured(() => body.Execute(new JinjaScope(scope.Run, scope)), target.Position);
            Assign(target, filters.Aggregate<Expression.Filter, object?>(text, (value, filter) => filter.Apply(value, scope)), scope);
            return Outcome.Done;
        }
    }

    /// <summary><c>{% macro name(a, b=1) %}</c>: a function that gives the text that its body writes.</summary>
    public sealed class Macro(Expression.Variable name, IReadOnlyList<(string Name, Expression? Default)> parameters, Statement body) : Statement
    {
        public override Outcome Execute(JinjaScope scope)
        {
            scope.Set(name.Name, (JinjaFunction)(arguments => scope.Run.Captured(() => body.Execute(Bound(arguments, scope)), arguments.Position)));
            return Outcome.Done;
        }

        private JinjaScope Bound(JinjaArguments arguments, JinjaScope outer)
        {
            if (arguments.Values.Count > parameters.Count)
                throw new JinjaException(arguments.Position, $"{arguments.Values.Count} arguments", $"at most {parameters.Count} for the macro '{name.Name}'");
            if (arguments.Named.Keys.FirstOrDefault(given => parameters.All(parameter => parameter.Name != given)) is { } unknown)
                throw new JinjaException(arguments.Position, $"the argument '{unknown}'", $"one of the macro '{name.Name}'");
            var scope = new JinjaScope(outer.Run, outer);
            for (int i = 0; i < parameters.Count; i++)
            {
                (string parameter, Expression? absent) = parameters[i];
                bool given = i < arguments.Values.Count || arguments.Named.ContainsKey(parameter);
                scope.Set(parameter, given ? arguments.Get(i, parameter) : absent is null ? new Undefined($"'{parameter}'") : absent.Evaluate(scope));
            }
            return scope;
        }
    }

    /// <summary>Gives a value to a name, the values of a list to several, or a value to a namespace's member.</summary>
    private static void Assign(Expression target, object? value, JinjaScope scope)
    {
        switch (target)
        {
            case Expression.Variable variable:
                scope.Set(variable.Name, value);
                break;
            case Expression.Member member:
                if (member.Owner.Evaluate(scope) is not JinjaDictionary { IsNamespace: true } owner)
                    throw new JinjaException(member.Position, "a member of what is no namespace", "a member of a namespace()");
                owner[member.Name] = value;
                break;
            case Expression.ListOf list:
                List<object?> values = JinjaValues.Items(value, target.Position);
                if (values.Count != list.Items.Count)
                    throw new JinjaException(target.Position, $"{values.Count} values", $"{list.Items.Count}, one a name");
                for (int i = 0; i < values.Count; i++)
                    Assign(list.Items[i], values[i], scope);
                break;
        }
    }
}
