using Formwork.Training.Evaluation;
using Xunit;

namespace Formwork.Training.Tests.Evaluation;

public class PythonTextTests
{
    [Theory]
    [InlineData("ΟΔΟΣ ΣΑΣ. Σ ΑΣ’Α ΑΣ. İI", "οδος σας. σ ασ’α ας. i\u0307i")]
    [InlineData("İI", "i\u0307i")]
    [InlineData("ǅ ÄÖÜẞ", "ǆ äöüß")]
    public void LowerCaseIsPythons(string text, string lower) => Assert.Equal(lower, PythonText.Lower(text));

    [Theory]
    [InlineData(0.25, 1, "0.2")]
    [InlineData(0.75, 1, "0.8")]
    [InlineData(12.35, 1, "12.3")]
    [InlineData(37.45, 1, "37.5")]
    [InlineData(12.125, 2, "12.12")]
    [InlineData(0.0625, 3, "0.062")]
    [InlineData(0.0, 2, "0.00")]
    [InlineData(100.0, 1, "100.0")]
    public void DecimalsArePythons(double value, int decimals, string text) => Assert.Equal(text, PythonText.Fixed(value, decimals));

    [Fact]
    public void WhiteSpaceIsPythons()
    {
        Assert.Equal(["a", "b", "c"], PythonText.Split(" a\u001Cb\u3000\u0085c\n"));
        Assert.Equal(" a", PythonText.TrimEnd(" a \u001F\u2028"));
    }
}
