using Formwork.TestSupport.Libtorch;
using Xunit;

namespace Formwork.Libtorch.Tests;

/// <summary>A theory that needs libtorch, and is skipped, with the reason, where it cannot be loaded.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LibtorchTheoryAttribute : TheoryAttribute
{
    public LibtorchTheoryAttribute() => Skip = LibtorchLoader.UnavailableReason;
}
