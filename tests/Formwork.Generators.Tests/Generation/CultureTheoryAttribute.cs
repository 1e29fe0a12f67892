using System.Globalization;

namespace Formwork.Generators.Tests.Generation;

/// <summary>A theory that needs real cultures; skipped where the system has no ICU and the runtime knows only the invariant one.</summary>
internal sealed class CultureTheoryAttribute : TheoryAttribute
{
    public CultureTheoryAttribute()
    {
        if (!HasCultures())
            Skip = "This system has no culture data (libicu); the runtime is in globalization-invariant mode.";
    }

    private static bool HasCultures()
    {
        try
        {
            return CultureInfo.GetCultureInfo("de-DE").NumberFormat.NumberDecimalSeparator == ","
                && CultureInfo.GetCultureInfo("tr-TR").TextInfo.ToUpper('i') == 'İ';
        }
        catch (CultureNotFoundException)
        {
            return false;
        }
    }
}
