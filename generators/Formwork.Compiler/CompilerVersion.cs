namespace Formwork.Compiler;

/// <summary>The compiler's version, as generated files and caches name it.</summary>
public static class CompilerVersion
{
    /// <summary>Three numbers.</summary>
    public static string Text { get; } = typeof(CompilerVersion).Assembly.GetName().Version.ToString(3);
}
