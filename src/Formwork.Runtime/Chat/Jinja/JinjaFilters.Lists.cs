using System.Runtime.ExceptionServices;

namespace Formwork.Runtime.Chat.Jinja;

/// <content>Filters of lists.</content>
internal static partial class JinjaFilters
{
    private static object? OfList(string name, object? value, JinjaArguments arguments) => name switch
    {
        "first" => Items(value, arguments).FirstOrDefault(new Undefined("the first item")),
        "last" => Items(value, arguments).LastOrDefault(new Undefined("the last item")),
        "list" => Items(value, arguments).ToList(),
        "items" => value is JinjaDictionary dictionary ? JinjaMethods.Pairs(dictionary) : value is Undefined ? new List<object?>() : throw Wrong(value, "a dictionary", arguments),
        "dictsort" => value is JinjaDictionary sorted ? Sorted(JinjaMethods.Pairs(sorted), pair => ((List<object?>)pair!)[0], arguments) : throw Wrong(value, "a dictionary", arguments),
        "join" => JinjaMethods.Joined(JinjaValues.Text(arguments.Get(0, "d", JinjaText.Empty)),
            arguments.Get(1, "attribute") is { } member ? [.. Items(value, arguments).Select(item => Member(item, member))] : Items(value, arguments)),
        "reverse" => value is JinjaText text ? JinjaText.Join(text.Characters().Reverse().DefaultIfEmpty(JinjaText.Empty)) : Enumerable.Reverse(Items(value, arguments)).ToList(),
        "sort" => Sort(value, arguments),
        "unique" => Unique(Items(value, arguments)),
        "sum" => Items(value, arguments).Aggregate((object?)0L, (sum, item) => sum is long a && item is long b ? (object)(a + b)
            : (JinjaValues.Number(sum) + JinjaValues.Number(item)) ?? throw Wrong(item, "numbers", arguments)),
        "min" or "max" => Extreme(Items(value, arguments), name == "max", arguments),
        "map" => Items(value, arguments).Select(Mapping(arguments)).ToList(),
        "select" or "reject" => Items(value, arguments).Where(item => Passes(item, arguments, 0) == (name == "select")).ToList(),
        "selectattr" or "rejectattr" => Items(value, arguments).Where(item => Passes(Member(item, arguments.Require(0, "attribute")), arguments, 1) == (name == "selectattr")).ToList(),
        _ => throw new JinjaException(arguments.Position, $"the filter '{name}'", "a filter that chat templates use, such as trim, tojson, default, length, join or map"),
    };

    private static List<object?> Items(object? value, JinjaArguments arguments) => JinjaValues.Items(value, arguments.Position);

    private static object? Member(object? item, object? name)
    {
        foreach (string part in JinjaValues.Text(name).Value.Split('.'))
            item = item is JinjaDictionary dictionary && dictionary.TryGet(part, out object? value) ? value : new Undefined($"'{part}'");
        return item;
    }

    private static bool Passes(object? item, JinjaArguments arguments, int test) => arguments.Values.Count <= test
        ? JinjaValues.IsTrue(item)
        : JinjaTests.Holds(JinjaValues.Text(arguments.Values[test]).Value, item, arguments with { Values = [.. arguments.Values.Skip(test + 1)] });

    private static Func<object?, object?> Mapping(JinjaArguments arguments)
    {
        if (arguments.Named.TryGetValue("attribute", out object? name))
            return item => Member(item, name) is not Undefined and var value ? value : arguments.Get(int.MaxValue, "default", new Undefined($"'{JinjaValues.Text(name)}'"));
        string filter = JinjaValues.Text(arguments.Require(0, "filter")).Value;
        return item => Apply(filter, item, arguments with { Values = [.. arguments.Values.Skip(1)] });
    }

    private static List<object?> Sort(object? value, JinjaArguments arguments)
    {
        object? member = arguments.Get(2, "attribute");
        List<object?> sorted = Sorted(Items(value, arguments), item => member is null ? item : Member(item, member), arguments);
        if (arguments.Truth(0, "reverse", false))
            sorted.Reverse();
        return sorted;
    }

    private static List<object?> Sorted(List<object?> items, Func<object?, object?> key, JinjaArguments arguments)
    {
        var order = Comparer<object?>.Create((a, b) => JinjaValues.Compare(Folded(a), Folded(b))
            ?? throw new JinjaException(arguments.Position, $"{JinjaValues.Kind(a)} and {JinjaValues.Kind(b)}", "values that have an order"));
        try
        {
            return [.. items.OrderBy(key, order)];
        }
        catch (InvalidOperationException wrapped) when (wrapped.InnerException is JinjaException cause)
        {
            // Sorting wraps what a comparison throws.
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    // Jinja sorts without regard to case.
    private static object? Folded(object? value) => value is JinjaText text ? text.Spelt(letters => letters.ToLowerInvariant()) : value;

    private static List<object?> Unique(List<object?> items)
    {
        var unique = new List<object?>();
        foreach (object? item in items)
        {
            if (!unique.Any(known => JinjaValues.Equals(Folded(known), Folded(item))))
                unique.Add(item);
        }
        return unique;
    }

    private static object? Extreme(List<object?> items, bool greatest, JinjaArguments arguments)
    {
        List<object?> sorted = Sorted(items, item => item, arguments);
        return sorted.Count == 0 ? new Undefined("an item of nothing") : greatest ? sorted[^1] : sorted[0];
    }
}
