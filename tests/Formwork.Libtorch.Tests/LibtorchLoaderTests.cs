using Formwork.TestSupport.Libtorch;
using TorchSharp;
using Xunit;

namespace Formwork.Libtorch.Tests;

public class LibtorchLoaderTests
{
    [Fact]
    public void LibtorchComputesAfterPreparing()
    {
        Assert.True(LibtorchLoader.Prepare(), LibtorchLoader.UnavailableReason);

        using var product = torch.ones(2, 3).matmul(torch.ones(3, 2));

        Assert.Equal(12f, product.sum().item<float>());
    }

    [Fact]
    public void AWeakenedLibraryIsNotWeakenedAgain()
    {
        Assert.True(LibtorchLoader.Prepare(), LibtorchLoader.UnavailableReason);
        if (!OperatingSystem.IsLinux())
            return;

        var library = Directory.EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).Single();

        Assert.False(WeakSymbol.Mark(File.ReadAllBytes(library), "_ZSt21ios_base_library_initv", "GLIBCXX_3.4.32"));
    }

    [Fact]
    public void AFileThatIsNoLibraryIsRefused() =>
        Assert.Throws<InvalidDataException>(() => WeakSymbol.Mark(new byte[100], "symbol", "version"));
}
