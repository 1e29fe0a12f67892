using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Keys;
using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec;

/// <summary>The first arrow of the pipeline: text to <see cref="ModelSpec"/>, or to all that is wrong with the text.</summary>
public static class SpecParser
{
    /// <summary>Parses a spec. Never throws, whatever the text; a spec comes out exactly when no diagnostic is an error.</summary>
    public static ParsedModel Parse(ModelText text)
    {
        var diagnostics = new DiagnosticBag(text.Path);
        var source = new SourceMap();
        ModelSpec? spec = null;
        if (YamlReader.Read(text.Text, diagnostics) is { } root)
        {
            // The whole file's place would underline all of it; what is missing is said at its start.
            var file = SpecKeys.Model.Read(root with { Span = SourceSpan.FileStart }, "", new SpecReading(diagnostics, source));
            if (file.Data is SectionValues values)
                spec = new SpecResolver(values, diagnostics, source).Resolve();
        }
        return new ParsedModel(diagnostics.HasErrors ? null : spec, source, diagnostics.ToArray());
    }
}
