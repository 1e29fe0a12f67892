namespace Formwork.Compiler;

/// <summary>The last stage: one emitted file.</summary>
/// <param name="HintName">The name, without folders: <c>Gpt2.Forward.g.cs</c>.</param>
/// <param name="Text">The text, lines ended by <c>\n</c>.</param>
public sealed record GeneratedFile(string HintName, string Text);
