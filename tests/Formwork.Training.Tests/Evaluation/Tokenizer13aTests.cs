using Formwork.Training.Evaluation;
using Xunit;

namespace Formwork.Training.Tests.Evaluation;

public class Tokenizer13aTests
{
    // Outputs of sacreBLEU's own expressions, run in Python.
    [Theory]
    [InlineData("Hello, \"world\"! It's 3.5 - or 3,000.5-ish; e.g. U.S.-based (a/b) 100%.", "Hello , \" world \" ! It's 3.5 - or 3,000.5 - ish ; e . g . U . S . -based ( a / b ) 100 % .")]
    [InlineData("&quot;A&amp;lt;B&quot; &gt; 1.", "\" A < B \" > 1 .")]
    [InlineData("a.b,c 1.b a.1 .5 5. 10-20 x-y", "a . b , c 1 . b a . 1 . 5 5 . 10 - 20 x-y")]
    [InlineData("Straße\u00A0„für“ – 1½ 😀. 𝟏.5 x\u001Cy", "Straße „für“ – 1½ 😀 . 𝟏 . 5 x y")]
    [InlineData("<skipped>a-\nb", "ab")]
    [InlineData("a..b ,, 1,,2", "a . . b , , 1 , , 2")]
    [InlineData("$5.00~[x]`y`{z}@#^_", "$ 5.00 ~ [ x ] ` y ` { z } @ # ^ _")]
    [InlineData("", "")]
    public void TokensAreSacrebleus(string text, string tokens) => Assert.Equal(tokens, string.Join(' ', Tokenizer13a.Split(text)));
}
