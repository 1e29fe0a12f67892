using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Text;

namespace Formwork.Compiler;

/// <summary>A model as C#.</summary>
/// <param name="Name">The generated type, in the namespace <c>Formwork.Models</c>.</param>
/// <param name="Files">The files; none when a finding is an error.</param>
/// <param name="Findings">What the stages after parsing found.</param>
public sealed record CompiledModel(string Name, EquatableArray<GeneratedFile> Files, EquatableArray<SpecFinding> Findings);
