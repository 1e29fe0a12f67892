using Formwork.TestSupport;
using Formwork.TestSupport.Libtorch;
using Xunit;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>A fact that needs libtorch and files or folders of <see cref="TestData"/>, and is skipped, with the reason, where something is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LibtorchDataFactAttribute : FactAttribute
{
    /// <summary>Names what the test needs, below <see cref="TestData.Root"/>.</summary>
    public LibtorchDataFactAttribute(params string[] needed) => Skip = TestData.Missing(needed) ?? LibtorchLoader.UnavailableReason;
}
