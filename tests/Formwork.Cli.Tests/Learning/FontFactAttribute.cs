using SkiaSharp;
using Xunit;

namespace Formwork.Cli.Tests.Learning;

/// <summary>A test of the words in a picture; it is skipped where the system has no fonts to write them in.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FontFactAttribute : FactAttribute
{
    public FontFactAttribute() => Skip = SKFontManager.Default.FontFamilies.Any() ? null : "no fonts are installed here";
}
