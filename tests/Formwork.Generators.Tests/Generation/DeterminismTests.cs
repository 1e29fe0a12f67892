using System.Globalization;
using Formwork.Testing.Generation;

namespace Formwork.Generators.Tests.Generation;

public sealed class DeterminismTests
{
    /// <summary>German writes 0,5 where English writes 0.5; Turkish makes İ of i.</summary>
    [CultureTheory]
    [InlineData("stories260k")]
    [InlineData("capp-gpt2")]
    [InlineData("post-norm")]
    [InlineData("mixed-layers")]
    public void SameTextInEveryCulture(string name)
    {
        string[] expected = Emit(name, CultureInfo.InvariantCulture);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Emit(name, CultureInfo.InvariantCulture));
        Assert.Equal(expected, Emit(name, CultureInfo.GetCultureInfo("de-DE")));
        Assert.Equal(expected, Emit(name, CultureInfo.GetCultureInfo("tr-TR")));
    }

    private static string[] Emit(string name, CultureInfo culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            string path = GeneratedCode.SpecPath(name);
            return [.. new ModelProject((Path.GetFileName(path), File.ReadAllText(path))).Driver.GetRunResult().GeneratedTrees.Select(tree => tree.ToString())];
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
