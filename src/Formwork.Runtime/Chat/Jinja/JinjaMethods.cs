namespace Formwork.Runtime.Chat.Jinja;

/// <summary>The methods of Python's texts and dictionaries that templates call. None changes its owner, as in transformers' sandbox.</summary>
internal static class JinjaMethods
{
    /// <summary>A method bound to its owner; null where there is none of that name.</summary>
    public static JinjaFunction? Find(object? owner, string name) => owner switch
    {
        JinjaText text => OfText(text, name),
        JinjaDictionary { IsNamespace: false } dictionary => OfDictionary(dictionary, name),
        List<object?> list => OfList(list, name),
        _ => null,
    };

    private static JinjaFunction? OfText(JinjaText text, string name) => name switch
    {
        "strip" => arguments => text.Trim(arguments.Text(0, "chars")?.Value),
        "lstrip" => arguments => text.Trim(arguments.Text(0, "chars")?.Value, right: false),
        "rstrip" => arguments => text.Trim(arguments.Text(0, "chars")?.Value, left: false),
        "split" => arguments => Listed(arguments.Text(0, "sep") is { } separator ? text.Split(Filled(separator, arguments), Most(arguments)) : text.Words(Most(arguments))),
        "rsplit" => arguments => Listed(arguments.Text(0, "sep") is { } separator ? text.SplitRight(Filled(separator, arguments), Most(arguments)) : text.Words()),
        "splitlines" => arguments => Listed(Lines(text, arguments.Truth(0, "keepends", false))),
        "startswith" => arguments => Affixes(arguments).Any(affix => text.Value.StartsWith(affix, StringComparison.Ordinal)),
        "endswith" => arguments => Affixes(arguments).Any(affix => text.Value.EndsWith(affix, StringComparison.Ordinal)),
        "replace" => arguments => text.Replace(Required(arguments, 0, "old").Value, Required(arguments, 1, "new"), Count(arguments.Integer(2, "count", -1))),
        "removeprefix" => arguments => text.Value.StartsWith(Required(arguments, 0, "prefix").Value, StringComparison.Ordinal) ? text.Part(Required(arguments, 0, "prefix").Value.Length, text.Value.Length) : text,
        "removesuffix" => arguments => text.Value.EndsWith(Required(arguments, 0, "suffix").Value, StringComparison.Ordinal) ? text.Part(0, text.Value.Length - Required(arguments, 0, "suffix").Value.Length) : text,
        "find" => arguments => (long)text.Value.IndexOf(Required(arguments, 0, "sub").Value, StringComparison.Ordinal),
        "rfind" => arguments => (long)text.Value.LastIndexOf(Required(arguments, 0, "sub").Value, StringComparison.Ordinal),
        "count" => arguments => text.Split(Filled(Required(arguments, 0, "sub"), arguments)).Count - 1L,
        "join" => arguments => Joined(text, JinjaValues.Items(arguments.Require(0, "items"), arguments.Position)),
        "upper" => _ => text.Spelt(value => value.ToUpperInvariant()),
        "lower" => _ => text.Spelt(value => value.ToLowerInvariant()),
        "title" => _ => text.Spelt(value => JinjaFilters.Title(value, char.IsLetter)),
        "capitalize" => _ => text.Spelt(JinjaFilters.Capitalized),
        "isdigit" => _ => text.Value.Length > 0 && text.Value.All(char.IsDigit),
        "isalpha" => _ => text.Value.Length > 0 && text.Value.All(char.IsLetter),
        "isspace" => _ => text.Value.Length > 0 && text.Value.All(char.IsWhiteSpace),
        _ => null,
    };

    private static JinjaFunction? OfDictionary(JinjaDictionary dictionary, string name) => name switch
    {
        "items" => _ => Pairs(dictionary),
        "keys" => _ => dictionary.Select(member => (object?)member.Key).ToList(),
        "values" => _ => dictionary.Select(member => member.Value).ToList(),
        "get" => arguments => arguments.Require(0, "key") is JinjaText key && dictionary.TryGet(key.Value, out object? value) ? value : arguments.Get(1, "default"),
        _ => null,
    };

    private static JinjaFunction? OfList(List<object?> list, string name) => name switch
    {
        "index" => arguments => list.FindIndex(item => JinjaValues.Equals(item, arguments.Require(0, "value"))) is >= 0 and var at
            ? (long)at
            : throw new JinjaException(arguments.Position, "a value that is not in the list", "one that is"),
        "count" => arguments => (long)list.Count(item => JinjaValues.Equals(item, arguments.Require(0, "value"))),
        _ => null,
    };

    /// <summary>A dictionary's members as pairs.</summary>
    public static List<object?> Pairs(JinjaDictionary dictionary) => [.. dictionary.Select(member => (object?)new List<object?> { member.Key, member.Value })];

    /// <summary>Values as texts, with another between.</summary>
    public static JinjaText Joined(JinjaText between, IReadOnlyList<object?> items) =>
        JinjaText.Join(items.SelectMany((item, index) => index == 0 ? new[] { JinjaValues.Text(item) } : [between, JinjaValues.Text(item)]).DefaultIfEmpty(JinjaText.Empty));

    private static List<object?> Listed(IEnumerable<JinjaText> parts) => [.. parts];

    private static JinjaText Required(JinjaArguments arguments, int index, string name)
    {
        _ = arguments.Require(index, name);
        return arguments.Text(index, name) ?? throw new JinjaException(arguments.Position, "none", $"a text for {name}");
    }

    private static string Filled(JinjaText separator, JinjaArguments arguments) =>
        separator.Value.Length > 0 ? separator.Value : throw new JinjaException(arguments.Position, "an empty text", "a text to look for");

    private static int Most(JinjaArguments arguments) => Count(arguments.Integer(1, "maxsplit", -1));

    private static int Count(int count) => count < 0 ? int.MaxValue : count;

    private static IEnumerable<string> Affixes(JinjaArguments arguments) => arguments.Require(0, "prefix") switch
    {
        JinjaText text => [text.Value],
        List<object?> list when list.All(item => item is JinjaText) => list.Select(item => ((JinjaText)item!).Value),
        var other => throw new JinjaException(arguments.Position, JinjaValues.Kind(other), "a text or several"),
    };

    private static IEnumerable<JinjaText> Lines(JinjaText text, bool keepEnds)
    {
        int begin = 0;
        while (begin < text.Value.Length)
        {
            int end = text.Value.AsSpan(begin).IndexOfAny('\n', '\r') is >= 0 and var found ? begin + found : text.Value.Length;
            int next = end < text.Value.Length ? end + (text.Value.AsSpan(end).StartsWith("\r\n") ? 2 : 1) : end;
            yield return text.Part(begin, keepEnds ? next : end);
            begin = next;
        }
    }
}
