using Formwork.TestSupport.Libtorch;
using Xunit;

namespace Formwork.Libtorch.Tests;

/// <summary>A fact that needs libtorch, and is skipped, with the reason, where it cannot be loaded.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LibtorchFactAttribute : FactAttribute
{
    public LibtorchFactAttribute() => Skip = LibtorchLoader.UnavailableReason;
}
