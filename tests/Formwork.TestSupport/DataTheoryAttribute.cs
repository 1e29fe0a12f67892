using Xunit;

namespace Formwork.TestSupport;

/// <summary>A theory that needs files or folders of <see cref="TestData"/>, and is skipped, with the reason, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataTheoryAttribute : TheoryAttribute
{
    /// <summary>Names what the test needs, below <see cref="TestData.Root"/>.</summary>
    public DataTheoryAttribute(params string[] needed) => Skip = TestData.Missing(needed);
}
