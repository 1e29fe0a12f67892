using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Spec;

/// <summary>What parsing gives.</summary>
/// <param name="Spec">The spec; null when the text has an error.</param>
/// <param name="Source">Where its parts stand in the text.</param>
/// <param name="Diagnostics">What there is to say about the text, in the order of places.</param>
public sealed record ParsedModel(ModelSpec? Spec, SourceMap Source, EquatableArray<DiagnosticInfo> Diagnostics);
