using System.Globalization;
using Formwork.Compiler.CSharp;
using Xunit;

namespace Formwork.Compiler.Tests.CSharp;

public class CSharpLiteralTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(1e-5)]
    [InlineData(1e-12)]
    [InlineData(0.35355339059327379)]
    [InlineData(27.712812921102035)]
    public void FloatsReadBackAsTheNearestFloat(double value)
    {
        string literal = CSharpLiteral.Float(value);

        Assert.EndsWith("f", literal, StringComparison.Ordinal);
        Assert.Equal((float)value, float.Parse(literal[..^1], CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("a\"b\\c\n", "\"a\\\"b\\\\c\\n\"")]
    [InlineData(null, "null")]
    public void StringsAreEscaped(string? value, string literal) => Assert.Equal(literal, CSharpLiteral.String(value));
}
