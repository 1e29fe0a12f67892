using Formwork.Import.Drafts;
using Formwork.Import.Folders;
using Formwork.Runtime;

namespace Formwork.Import.Families;

/// <summary>One family of models, or several that differ little: how its configuration becomes a spec.</summary>
internal abstract class Family
{
    /// <summary>The values of <c>model_type</c> that it understands.</summary>
    public abstract IReadOnlyList<string> ModelTypes { get; }

    /// <summary>The spec, without name, tokenizer and generation, which are found alike for all families.</summary>
    /// <exception cref="InvalidInputException">A key is missing, contradicts another, or asks for what a spec cannot say.</exception>
    public abstract SpecDraft Describe(ModelFolder folder);
}
