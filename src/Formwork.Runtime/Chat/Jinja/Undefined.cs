namespace Formwork.Runtime.Chat.Jinja;

/// <summary>The value of a name or member that is not there: false, empty, printed as nothing, and an error to look into.</summary>
/// <param name="name">What was looked for.</param>
internal sealed class Undefined(string name)
{
    public string Name => name;
}
