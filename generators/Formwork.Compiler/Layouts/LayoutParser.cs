using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Spec.Keys;
using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Layouts;

/// <summary>Text to <see cref="WeightLayout"/>, for layouts in files of their own.</summary>
public static class LayoutParser
{
    /// <summary>Parses a layout file. Never throws; a layout comes out exactly when no diagnostic is an error.</summary>
    public static Result<WeightLayout> Parse(ModelText text)
    {
        var diagnostics = new DiagnosticBag(text.Path);
        WeightLayout? layout = null;
        if (YamlReader.Read(text.Text, diagnostics) is { } root)
        {
            SpecValue file = LayoutKeys.Layout.Read(root with { Span = SourceSpan.FileStart }, "", new SpecReading(diagnostics, new SourceMap()));
            if (file.Data is SectionValues values)
                layout = Resolve(values, diagnostics);
        }
        return new Result<WeightLayout>(diagnostics.HasErrors ? null : layout, diagnostics.ToArray());
    }

    private static WeightLayout? Resolve(SectionValues values, DiagnosticBag diagnostics)
    {
        if (values.Find("layout") is null)
            diagnostics.Report(DiagnosticCatalog.MissingKey, values.Span, "layout", LayoutKeys.Layout.Find("layout")!.Value.Expectation);
        return LayoutResolver.Resolve(values, values.Text("layout") ?? "", diagnostics);
    }
}
