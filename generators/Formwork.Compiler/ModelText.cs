namespace Formwork.Compiler;

/// <summary>The first stage: a spec as written.</summary>
/// <param name="Path">The file's path as the host names it; messages show it.</param>
/// <param name="Text">The YAML.</param>
public sealed record ModelText(string Path, string Text);
