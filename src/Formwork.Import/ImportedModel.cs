using Formwork.Compiler;
using Formwork.Compiler.Spec;

namespace Formwork.Import;

/// <summary>A foreign model as a spec. Weights and tokenizer stay where they are: the spec says how to read them.</summary>
/// <param name="Text">The spec as YAML, with the path that it would have beside the weights.</param>
/// <param name="Spec">The same, parsed.</param>
/// <param name="Folder">The folder that the weights and the tokenizer are loaded from.</param>
public sealed record ImportedModel(ModelText Text, ModelSpec Spec, string Folder);
