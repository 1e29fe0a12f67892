namespace Formwork.Runtime.Chat.Jinja;

/// <summary>Something that can be called.</summary>
internal delegate object? JinjaFunction(JinjaArguments arguments);
