namespace Formwork.Runtime.Chat.Jinja;

/// <content>Loops.</content>
internal abstract partial class Statement
{
    /// <summary><c>{% for target in items if condition %}…{% else %}…{% endfor %}</c>; variables set inside stay there.</summary>
    public sealed class For(Expression target, Expression items, Expression? condition, Statement body, Statement? otherwise) : Statement
    {
        public override Outcome Execute(JinjaScope scope)
        {
            List<object?> values = Chosen(scope);
            if (values.Count == 0)
                return otherwise?.Execute(scope) ?? Outcome.Done;
            for (int index = 0; index < values.Count; index++)
            {
                scope.Run.Step(target.Position);
                var round = new JinjaScope(scope.Run, scope);
                round.Set("loop", Loop(values, index));
                Assign(target, values[index], round);
                if (body.Execute(round) == Outcome.Break)
                    break;
            }
            return Outcome.Done;
        }

        private List<object?> Chosen(JinjaScope scope)
        {
            List<object?> all = JinjaValues.Items(items.Evaluate(scope), items.Position);
            if (condition is null)
                return [.. all];
            return [.. all.Where(value =>
            {
                var round = new JinjaScope(scope.Run, scope);
                Assign(target, value, round);
                return JinjaValues.IsTrue(condition.Evaluate(round));
            })];
        }

        private static JinjaDictionary Loop(List<object?> values, int index) => new()
        {
            { "index", index + 1L },
            { "index0", (long)index },
            { "revindex", (long)values.Count - index },
            { "revindex0", values.Count - index - 1L },
            { "first", index == 0 },
            { "last", index == values.Count - 1 },
            { "length", (long)values.Count },
            // Depth counts recursive calls of a loop only.
            { "depth", 1L },
            { "depth0", 0L },
            { "previtem", index > 0 ? values[index - 1] : new Undefined("'previtem' of the first round") },
            { "nextitem", index + 1 < values.Count ? values[index + 1] : new Undefined("'nextitem' of the last round") },
            { "cycle", (JinjaFunction)(arguments => arguments.Values.Count > 0 ? arguments.Values[index % arguments.Values.Count] : arguments.Require(0, "value")) },
        };
    }
}
