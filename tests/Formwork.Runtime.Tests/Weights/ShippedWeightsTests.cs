using System.Security.Cryptography;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Weights;

/// <summary>The weights in this repository are what their README says.</summary>
public sealed class ShippedWeightsTests
{
    private static readonly string Stories = Path.Combine(TestData.Repository, "models", "stories260k");

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("tok512.bin")]
    public void StoriesFilesHaveTheHashesOfTheReadme(string name)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Stories, name))));
        string row = File.ReadLines(Path.Combine(Stories, "README.md")).Single(line => line.StartsWith($"| `{name}`", StringComparison.Ordinal));
        Assert.Contains($"`{hash}`", row, StringComparison.Ordinal);
    }

    [DataFact("stories260K")]
    public void StoriesAreTheOriginalsNumbers()
    {
        using var shipped = Checkpoint.Open(Stories);
        using var original = Checkpoint.Open(TestData.Path("stories260K", "stories260K.bin"));
        Assert.Equal(original.Tensors.Keys.Order(StringComparer.Ordinal), shipped.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(original.Tensors.Keys, name => Assert.Equal(original.Read(name), shipped.Read(name)));
    }
}
