using System.Globalization;
using Formwork.Testing.Generation;

namespace Formwork.Generators.Tests.Generation;

public sealed class DeterminismTests
{
    public static TheoryData<string> Names =>
        ["stories260k", "capp-gpt2", "post-norm", "mixed-layers", "small-bert", "small-transformer", "small-experts", .. GeneratedCode.FamilyNames];

    /// <summary>German writes 0,5 where English writes 0.5; Turkish makes İ of i.</summary>
    [CultureTheory, MemberData(nameof(Names))]
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
