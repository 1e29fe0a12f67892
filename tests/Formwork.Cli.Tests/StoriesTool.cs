namespace Formwork.Cli.Tests;

/// <summary>One tool for all tests of a class, so that what one has compiled serves the others.</summary>
public sealed class StoriesTool : IDisposable
{
    public Tool Tool { get; } = Tool.WithCompiledStories();

    public void Dispose() => Tool.Dispose();
}
