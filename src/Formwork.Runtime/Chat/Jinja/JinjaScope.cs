namespace Formwork.Runtime.Chat.Jinja;

/// <summary>The variables at a place of a template: those set here, then those around.</summary>
/// <param name="run">The rendering it belongs to.</param>
/// <param name="parent">The scope around; null for the outermost.</param>
internal sealed class JinjaScope(JinjaRun run, JinjaScope? parent)
{
    private readonly Dictionary<string, object?> _variables = [];

    public JinjaRun Run => run;

    public void Set(string name, object? value) => _variables[name] = value;

    public object? Get(string name)
    {
        for (JinjaScope? scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._variables.TryGetValue(name, out object? value))
                return value;
        }
        return new Undefined($"'{name}'");
    }

    private JinjaScope? Parent => parent;
}
