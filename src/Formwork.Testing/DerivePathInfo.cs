using System.Reflection;

namespace Formwork.Testing;

/// <summary>Says where a test's snapshots lie and what their names begin with.</summary>
/// <param name="sourceFile">The test's source file.</param>
/// <param name="projectDirectory">The folder of its project.</param>
/// <param name="type">The test class.</param>
/// <param name="method">The test method.</param>
public delegate PathInfo DerivePathInfo(string sourceFile, string projectDirectory, Type type, MethodInfo method);
