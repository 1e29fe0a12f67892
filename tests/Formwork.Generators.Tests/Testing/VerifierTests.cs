using Formwork.Testing;
using static Formwork.Testing.Verifier;

namespace Formwork.Generators.Tests.Testing;

public sealed class VerifierTests
{
    [Fact]
    public Task TextIsComparedUnderTheTestsName() => Verify("a text\nof two lines", "txt");

    [Fact]
    public async Task HelperMayStandBetweenTestAndComparison() => await Helper("the test's name is in the file's, not the helper's");

    [Theory]
    [InlineData(7, "half")]
    [InlineData(9, "a/b")]
    public async Task ParametersAreInTheFilesName(int heads, string pairing) => await Verify($"{heads} {pairing}").UseParameters(heads, pairing);

    [Fact]
    public void ParametersMustBeTheTests()
    {
        Task task = Verify("never compared").UseParameters(1);
        Assert.IsType<ArgumentException>(task.Exception!.InnerException);
    }

    [Fact]
    public void InitializeTwiceIsAMistake()
    {
        Assert.True(VerifySourceGenerators.Initialized);
        Assert.Throws<InvalidOperationException>(VerifySourceGenerators.Initialize);
    }

    private static async Task Helper(string text) => await Verify(text);

    public sealed class Nested
    {
        [Fact]
        public Task ClassesNameAreJoinedByADot() => Verify("Outer.Inner.Method");
    }
}
