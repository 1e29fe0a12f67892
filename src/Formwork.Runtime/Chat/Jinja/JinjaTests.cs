namespace Formwork.Runtime.Chat.Jinja;

/// <summary>The tests that <c>is</c> knows.</summary>
internal static class JinjaTests
{
    public static bool Holds(string name, object? value, JinjaArguments arguments) => name switch
    {
        "defined" => value is not Undefined,
        "undefined" => value is Undefined,
        "none" => value is null,
        "string" => value is JinjaText,
        "mapping" => value is JinjaDictionary,
        "iterable" => value is JinjaText or List<object?> or JinjaDictionary or Undefined,
        "sequence" => value is JinjaText or List<object?> or JinjaDictionary or Undefined,
        "number" => value is long or double or bool,
        "integer" => value is long,
        "float" => value is double,
        "boolean" => value is bool,
        "true" => value is true,
        "false" => value is false,
        "callable" => value is JinjaFunction,
        "even" => Whole(value, arguments) % 2 == 0,
        "odd" => Whole(value, arguments) % 2 != 0,
        "divisibleby" => arguments.Integer(0, "num", 0) is not 0 and var divisor ? Whole(value, arguments) % divisor == 0 : throw new JinjaException(arguments.Position, "0", "a number to divide by"),
        "eq" or "equalto" or "==" or "sameas" => JinjaValues.Equals(value, arguments.Require(0, "other")),
        "ne" or "!=" => !JinjaValues.Equals(value, arguments.Require(0, "other")),
        "lt" or "lessthan" or "<" => Order(value, arguments) < 0,
        "le" or "<=" => Order(value, arguments) <= 0,
        "gt" or "greaterthan" or ">" => Order(value, arguments) > 0,
        "ge" or ">=" => Order(value, arguments) >= 0,
        "in" => JinjaValues.Items(arguments.Require(0, "seq"), arguments.Position).Any(item => JinjaValues.Equals(item, value))
            || (value is JinjaText part && arguments.Values[0] is JinjaText whole && whole.Value.Contains(part.Value, StringComparison.Ordinal)),
        "lower" => value is JinjaText text && text.Value == text.Value.ToLowerInvariant(),
        "upper" => value is JinjaText text && text.Value == text.Value.ToUpperInvariant(),
        _ => throw new JinjaException(arguments.Position, $"the test '{name}'", "a test of Jinja, such as defined, none, string, mapping or iterable"),
    };

    private static long Whole(object? value, JinjaArguments arguments) => value switch
    {
        long number => number,
        bool truth => truth ? 1 : 0,
        _ => throw new JinjaException(arguments.Position, JinjaValues.Kind(value), "a whole number to test"),
    };

    private static int Order(object? value, JinjaArguments arguments) => JinjaValues.Compare(value, arguments.Require(0, "other"))
        ?? throw new JinjaException(arguments.Position, $"{JinjaValues.Kind(value)} and {JinjaValues.Kind(arguments.Values[0])}", "values that have an order");
}
