namespace Formwork.Runtime.Chat.Jinja;

/// <summary>The arguments that a template writes in a call.</summary>
internal sealed record ArgumentList(IReadOnlyList<Expression> Values, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static ArgumentList None { get; } = new([], []);

    public JinjaArguments Evaluate(JinjaScope scope, int position) => new(position, [.. Values.Select(value => value.Evaluate(scope))],
        Named.DistinctBy(argument => argument.Name).ToDictionary(argument => argument.Name, argument => argument.Value.Evaluate(scope)));
}
