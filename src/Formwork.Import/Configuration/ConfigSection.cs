using System.Text.Json;
using Formwork.Runtime;

namespace Formwork.Import.Configuration;

/// <summary>
/// One object of a configuration. Every value is asked for by its key and as what it must be; what is wrong is told with file, key, found,
/// expected and remedy. A key whose value is null counts as absent, as Hugging Face has it.
/// </summary>
/// <param name="File">The file's path.</param>
/// <param name="Place">The keys that lead here, each followed by a dot; empty at the top.</param>
/// <param name="Element">The object.</param>
internal sealed record ConfigSection(string File, string Place, JsonElement Element)
{
    private const string Fetch = "Fetch the file again, or correct the value.";

    /// <summary>The largest number of anything that a model has.</summary>
    private const int Most = 1 << 30;

    /// <summary>Whether there is a value that is not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The first of several names for one thing that is there; the first of all when none is.</summary>
    public string First(params string[] keys) => Array.Find(keys, Has) ?? keys[0];

    /// <summary>A number of things, at least one.</summary>
    /// <exception cref="InvalidInputException">There is none, or it is something else.</exception>
    public int Count(string key) => FindCount(key) ?? throw Missing(key, "a whole number, at least 1");

    /// <summary>A number of things, at least one, or what it is where the file does not say.</summary>
    public int Count(string key, int usual) => FindCount(key) ?? usual;

    /// <summary>A number of things, at least one; null where the file does not say.</summary>
    public int? FindCount(string key) => Find(key) is not { } value ? null
        : Whole(value) is >= 1 and <= Most and var count ? (int)count : throw Wrong(key, value, "a whole number, at least 1");

    /// <summary>A whole number, 0 or more; null where the file does not say.</summary>
    public int? FindIndex(string key) => Find(key) is not { } value ? null
        : Whole(value) is >= 0 and <= Most and var index ? (int)index : throw Wrong(key, value, "a whole number, 0 or more");

    /// <summary>A number.</summary>
    /// <exception cref="InvalidInputException">There is none, or it is something else.</exception>
    public double Number(string key) => FindNumber(key) ?? throw Missing(key, "a number");

    /// <summary>A number, or what it is where the file does not say.</summary>
    public double Number(string key, double usual) => FindNumber(key) ?? usual;

    /// <summary>A number; null where the file does not say.</summary>
    public double? FindNumber(string key) => Find(key) is not { } value ? null : Finite(value) ?? throw Wrong(key, value, "a number");

    /// <summary>Yes or no, or what it is where the file does not say.</summary>
    public bool Flag(string key, bool usual) => Find(key) is not { } value ? usual : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(key, value, "true or false"),
    };

    /// <summary>A text.</summary>
    /// <exception cref="InvalidInputException">There is none, or it is something else.</exception>
    public string Text(string key) => FindText(key) ?? throw Missing(key, "a text");

    /// <summary>A text, or what it is where the file does not say.</summary>
    public string Text(string key, string usual) => FindText(key) ?? usual;

    /// <summary>A text; null where the file does not say.</summary>
    public string? FindText(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? ConfigFile.Text(value) : throw Wrong(key, value, "a text");

    /// <summary>An object; null where the file does not say.</summary>
    public ConfigSection? FindSection(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new ConfigSection(File, $"{Place}{key}.", value) : throw Wrong(key, value, "an object");

    /// <summary>A list of numbers; null where the file does not say.</summary>
    public IReadOnlyList<double>? FindNumbers(string key) => FindList(key, "a list of numbers", value => Finite(value));

    /// <summary>A list of whole numbers, 0 or more, where one alone may stand without the list; null where the file does not say.</summary>
    public IReadOnlyList<int>? FindIndexes(string key) => Find(key) is { ValueKind: JsonValueKind.Number } ? [FindIndex(key)!.Value]
        : FindList(key, "a list of whole numbers, 0 or more", value => Whole(value) is >= 0 and <= Most and var index ? (int?)index : null);

    /// <summary>A list of texts; null where the file does not say.</summary>
    public IReadOnlyList<string>? FindTexts(string key) => Find(key) is not { } list ? null
        : list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(ConfigFile.Text)]
            : throw Wrong(key, list, "a list of texts");

    /// <summary>What a value is where the file does not say, for parts of files that leave out what is usual.</summary>
    public JsonElement? Usual { get; init; }

    /// <summary>The value as it stands; null where the file does not say.</summary>
    public JsonElement? Find(string key) =>
        Element.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value
        : Usual is { } usual && usual.TryGetProperty(key, out value) ? value : null;

    /// <summary>What to throw when a value is not what it must be.</summary>
    public InvalidInputException Wrong(string key, JsonElement found, string expected) => Wrong(key, ConfigFile.Described(found), expected, Fetch);

    /// <summary>What to throw when a value does not fit.</summary>
    public InvalidInputException Wrong(string key, object found, string expected, string remedy) =>
        new(File, Place + key, Convert.ToString(found, System.Globalization.CultureInfo.InvariantCulture)!, expected, remedy);

    /// <summary>What to throw when a value says something that a spec cannot.</summary>
    public InvalidInputException Unsupported(string key, string expected, string remedy = "Formwork cannot run this checkpoint as it is.") =>
        Wrong(key, Find(key) is { } value ? ConfigFile.Described(value) : "nothing", expected, remedy);

    /// <summary>What to throw when a key that must be there is not.</summary>
    public InvalidInputException Missing(string key, string expected) =>
        new(File, Place + key, "no such key", expected, "Fetch the file again: without it the model is not described.");

    private IReadOnlyList<T>? FindList<T>(string key, string expected, Func<JsonElement, T?> read)
        where T : struct
    {
        if (Find(key) is not { } list)
            return null;
        if (list.ValueKind != JsonValueKind.Array)
            throw Wrong(key, list, expected);
        var items = new List<T>();
        foreach (JsonElement item in list.EnumerateArray())
            items.Add(read(item) ?? throw Wrong($"{key}[{items.Count}]", item, expected));
        return items;
    }

    // 4096.0 is a whole number to Python's readers of a configuration, too.
    private static long? Whole(JsonElement value) => Finite(value) is { } number && number == Math.Floor(number) && Math.Abs(number) <= Most ? (long)number : null;

    private static double? Finite(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;
}
