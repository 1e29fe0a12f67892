using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Xunit;

namespace Formwork.Models.Tests;

public class VectorWidthTests
{
    [X64Fact]
    public void VectorsAre256BitsWide()
    {
        Assert.False(Vector512.IsHardwareAccelerated);
        Assert.True(Vector256.IsHardwareAccelerated);
    }

    /// <summary>A fact of x64 machines; others have no AVX.</summary>
    private sealed class X64FactAttribute : FactAttribute
    {
        public X64FactAttribute() => Skip = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? null : "AVX2 is x64's.";
    }
}
