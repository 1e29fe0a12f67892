using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>DistilBERT: BERT without token types and pooler.</summary>
internal sealed class DistilBertFamily : Family
{
    private static readonly BertKeys Keys = new("dim", "n_layers", "n_heads", "hidden_dim", "activation");

    public override IReadOnlyList<string> ModelTypes => ["distilbert"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        BertParts.RequireClass(folder, "Model", "ForMaskedLM", "ForSequenceClassification");
        SpecDraft draft = BertParts.Describe(folder, Keys, "distilbert");
        if (BertParts.Has(folder, "vocab_transform.weight", "ForMaskedLM"))
            BertParts.AddMaskedHead(folder, draft, Activations.Read(folder.Config, "activation", "gelu"));
        if (folder.SavedAs.EndsWith("ForSequenceClassification", StringComparison.Ordinal))
        {
            draft.Pooler = new Section { { "activation", "relu" } };
            BertParts.AddClassifier(folder, draft);
        }
        return draft;
    }
}
