using System.Runtime.Intrinsics;
using Xunit;

namespace Formwork.Models.Tests;

public class VectorWidthTests
{
    [Fact]
    public void VectorsAre128BitsWide()
    {
        Assert.False(Vector512.IsHardwareAccelerated);
        Assert.False(Vector256.IsHardwareAccelerated);
        Assert.True(Vector128.IsHardwareAccelerated);
    }
}
