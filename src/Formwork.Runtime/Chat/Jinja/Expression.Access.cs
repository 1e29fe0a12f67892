namespace Formwork.Runtime.Chat.Jinja;

/// <content>Members, items, slices, calls, filters and tests.</content>
internal abstract partial class Expression
{
    /// <summary><c>value.name</c>: a dictionary's member, or a method of a text, list or dictionary.</summary>
    public sealed class Member(int position, Expression owner, string name) : Expression(position)
    {
        public Expression Owner => owner;

        public string Name => name;

        public override object? Evaluate(JinjaScope scope)
        {
            object? value = owner.Evaluate(scope);
            // As in Python, a method comes before a member of the same name.
            if (JinjaMethods.Find(value, name) is { } method)
                return method;
            return value is JinjaDictionary dictionary && dictionary.TryGet(name, out object? member) ? member : Missing(value, $"'{name}'");
        }

        private object Missing(object? value, string what) => value is Undefined or null
            ? throw Wrong(JinjaValues.Kind(value), $"a value that can have {what}")
            : new Undefined(what);
    }

    /// <summary><c>value[index]</c>: a list's item, a text's character, a dictionary's member.</summary>
    public sealed class Item(int position, Expression owner, Expression index) : Expression(position)
    {
        public override object? Evaluate(JinjaScope scope)
        {
            object? value = owner.Evaluate(scope), key = index.Evaluate(scope);
            scope.Run.Step(Position);
            switch (value, key)
            {
                case (List<object?> list, long place):
                    return At(list, place);
                case (JinjaText text, long place):
                    return At([.. text.Characters()], place);
                case (JinjaDictionary dictionary, JinjaText name):
                    return dictionary.TryGet(name.Value, out object? member) ? member : (object?)JinjaMethods.Find(value, name.Value) ?? new Undefined($"'{name}'");
                case (null or Undefined, _):
                    throw Wrong(JinjaValues.Kind(value), "a list, a dictionary or a text to look into");
                default:
                    return new Undefined($"the item at {JinjaValues.Kind(key)}");
            }
        }

        private static object? At(List<object?> list, long place)
        {
            long at = place < 0 ? place + list.Count : place;
            return at >= 0 && at < list.Count ? list[(int)at] : new Undefined($"item {place}");
        }
    }

    /// <summary><c>value[from:to:step]</c>, as Python counts.</summary>
    public sealed class Slice(int position, Expression owner, Expression? from, Expression? to, Expression? step) : Expression(position)
    {
        public override object? Evaluate(JinjaScope scope)
        {
            object? value = owner.Evaluate(scope);
            List<object?> items = value is List<object?> or JinjaText ? JinjaValues.Items(value, Position) : throw Wrong(JinjaValues.Kind(value), "a list or a text to cut");
            long by = Bound(step, scope) ?? 1;
            if (by == 0)
                throw Wrong("a step of 0", "another step");
            long count = items.Count, first = by > 0 ? 0 : -1, last = by > 0 ? count : count - 1;
            long begin = Place(Bound(from, scope), by > 0 ? 0 : count - 1), end = Place(Bound(to, scope), by > 0 ? count : -1);
            var cut = new List<object?>();
            for (long at = begin; by > 0 ? at < end : at > end; at += by)
                cut.Add(items[(int)at]);
            return value is JinjaText ? JinjaText.Join(cut.Cast<JinjaText>().DefaultIfEmpty(JinjaText.Empty)) : cut;

            long Place(long? bound, long absent) => bound is { } place ? Math.Clamp(place < 0 ? place + count : place, first, last) : absent;
        }

        private long? Bound(Expression? bound, JinjaScope scope) => bound?.Evaluate(scope) switch
        {
            null => null,
            long number => Math.Clamp(number, int.MinValue, int.MaxValue),
            var other => throw Wrong(JinjaValues.Kind(other), "a whole number as a bound"),
        };
    }

    /// <summary>A call of a function, method or macro.</summary>
    public sealed class Call(int position, Expression function, ArgumentList arguments) : Expression(position)
    {
        public override object? Evaluate(JinjaScope scope)
        {
            scope.Run.Step(Position);
            object? called = function.Evaluate(scope);
            if (called is JinjaFunction run)
                return run(arguments.Evaluate(scope, Position));
            string name = function switch { Variable variable => $"'{variable.Name}'", Member member => $"'{member.Name}'", _ => JinjaValues.Kind(called) };
            throw Wrong(called is Undefined ? $"{name}, which is no function here" : JinjaValues.Kind(called), "a function to call");
        }
    }

    /// <summary><c>value | filter(…)</c></summary>
    public sealed class Filter(int position, Expression? value, string name, ArgumentList arguments) : Expression(position)
    {
        public override object? Evaluate(JinjaScope scope) => Apply(value!.Evaluate(scope), scope);

        /// <summary>The filter's result for a value that stands elsewhere.</summary>
        public object? Apply(object? input, JinjaScope scope)
        {
            scope.Run.Step(Position);
            return JinjaFilters.Apply(name, input, arguments.Evaluate(scope, Position));
        }
    }

    /// <summary><c>value is test</c></summary>
    public sealed class Test(int position, Expression value, string name, ArgumentList arguments) : Expression(position)
    {
        public override object? Evaluate(JinjaScope scope) => JinjaTests.Holds(name, value.Evaluate(scope), arguments.Evaluate(scope, Position));
    }
}
