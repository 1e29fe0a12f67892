namespace Formwork.Runtime.Chat.Jinja;

/// <summary>What a function, filter, test or macro is called with.</summary>
/// <param name="Position">Where the call stands, for messages.</param>
/// <param name="Values">The arguments without names.</param>
/// <param name="Named">The arguments with names.</param>
internal sealed record JinjaArguments(int Position, IReadOnlyList<object?> Values, IReadOnlyDictionary<string, object?> Named)
{
    private static readonly Dictionary<string, object?> NoNames = [];

    public static JinjaArguments None(int position) => new(position, [], NoNames);

    /// <summary>An argument by its place or name; <paramref name="absent"/> where it is not given.</summary>
    public object? Get(int index, string name, object? absent = null) =>
        index < Values.Count ? Values[index] : Named.TryGetValue(name, out object? value) ? value : absent;

    /// <summary>An argument that must be given.</summary>
    public object? Require(int index, string name) =>
        index < Values.Count || Named.ContainsKey(name) ? Get(index, name) : throw new JinjaException(Position, "no argument", $"the argument {name}");

    /// <summary>A text; null where it is not given.</summary>
    public JinjaText? Text(int index, string name) => Get(index, name) switch
    {
        null => null,
        JinjaText text => text,
        var other => throw new JinjaException(Position, JinjaValues.Kind(other), $"a text for {name}"),
    };

    /// <summary>A whole number.</summary>
    public int Integer(int index, string name, int absent) => Get(index, name, (long)absent) switch
    {
        long number => (int)Math.Clamp(number, int.MinValue, int.MaxValue),
        bool truth => truth ? 1 : 0,
        null => absent,
        var other => throw new JinjaException(Position, JinjaValues.Kind(other), $"a whole number for {name}"),
    };

    public bool Truth(int index, string name, bool absent) => JinjaValues.IsTrue(Get(index, name, absent));
}
