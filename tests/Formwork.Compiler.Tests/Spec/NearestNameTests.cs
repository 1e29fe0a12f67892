using Formwork.Compiler.Spec.Keys;
using Xunit;

namespace Formwork.Compiler.Tests.Spec;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["heads", "head_width", "key_value_heads", "bias", "scale"];

    [Theory]
    [InlineData("head", "heads")]
    [InlineData("haeds", "heads")]
    [InlineData("HEADS", "heads")]
    [InlineData("head-width", "head_width")]
    [InlineData("headwidth", "head_width")]
    [InlineData("kv_heads", null)]
    [InlineData("key_values_head", "key_value_heads")]
    [InlineData("bais", "bias")]
    [InlineData("s", null)]
    [InlineData("", null)]
    [InlineData("temperature", null)]
    public void FindsWhatWasMeantAndGuessesNothingElse(string written, string? expected) => Assert.Equal(expected, NearestName.Find(written, Known));

    [Fact]
    public void LongNoiseCostsNothing() => Assert.Null(NearestName.Find(new string('x', 1 << 20), Known));
}
