namespace Formwork.Testing;

/// <summary>Where a test's snapshots lie and what their names begin with; null stands for what they would be unless told.</summary>
/// <param name="directory">The folder; beside the test file unless told.</param>
/// <param name="typeName">The class part of the name; nested classes as <c>Outer.Inner</c>.</param>
/// <param name="methodName">The method part of the name.</param>
public sealed class PathInfo(string? directory = null, string? typeName = null, string? methodName = null)
{
    /// <summary>The folder.</summary>
    public string? Directory { get; } = directory;

    /// <summary>The class part of the name.</summary>
    public string? TypeName { get; } = typeName;

    /// <summary>The method part of the name.</summary>
    public string? MethodName { get; } = methodName;
}
