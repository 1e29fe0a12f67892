using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>Llama 1 to 3, TinyLlama, SmolLM, Yi and others that call themselves Llama.</summary>
internal sealed class LlamaFamily : Family
{
    public override IReadOnlyList<string> ModelTypes => ["llama"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        SpecDraft draft = LlamaParts.Describe(folder, folder.Config, tied: false);
        bool bias = folder.Config.Flag("attention_bias", false);
        Heads.AddBias(draft.Stack.Attention, bias, bias, bias, bias);
        return draft;
    }
}
