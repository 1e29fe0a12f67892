using Xunit;

namespace Formwork.TestSupport;

/// <summary>A fact that needs files or folders of <see cref="TestData"/>, and is skipped, with the reason, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataFactAttribute : FactAttribute
{
    /// <summary>Names what the test needs, below <see cref="TestData.Root"/>.</summary>
    public DataFactAttribute(params string[] needed) => Skip = TestData.Missing(needed);
}
