using Formwork.Compiler.Spec;

namespace Formwork.Generators;

/// <summary>One model file after parsing.</summary>
/// <param name="Path">The file, for messages.</param>
/// <param name="Model">Its spec, places and findings.</param>
internal sealed record ParsedFile(string Path, ParsedModel Model);
